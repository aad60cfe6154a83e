// A candidate that cannot be parsed is refused with an OperationError.
//
// #dom-peerconnection-addicecandidate, step 4.7.1: a candidate that could not be added is an
// OperationError.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("candidate-error-without-a-name", "OperationError", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	mid := "0"
	init := webrtc.ICECandidateInit{Candidate: "candidate:nonsense", SDPMid: &mid}
	return outcome(answerer.AddICECandidate(init))
})
