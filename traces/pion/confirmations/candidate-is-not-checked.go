// A candidate for an m-section or a generation that the remote description has not is refused.
//
// #dom-peerconnection-addicecandidate, steps 4.2.1 (sdpMid), 4.3.1 (sdpMLineIndex) and 4.5
// (usernameFragment).
package main

import (
	"strings"

	"github.com/pion/webrtc/v3"
)

var _ = confirm("candidate-is-not-checked", "OperationError, OperationError, OperationError", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	const text = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"
	none, zero, seven, foreign := "7", "0", uint16(7), "foreign"
	return strings.Join([]string{
		outcome(answerer.AddICECandidate(webrtc.ICECandidateInit{Candidate: text, SDPMid: &none})),
		outcome(answerer.AddICECandidate(webrtc.ICECandidateInit{Candidate: text, SDPMLineIndex: &seven})),
		outcome(answerer.AddICECandidate(webrtc.ICECandidateInit{
			Candidate: text, SDPMid: &zero, UsernameFragment: &foreign,
		})),
	}, ", ")
})
