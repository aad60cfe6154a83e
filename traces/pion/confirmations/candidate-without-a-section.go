// A candidate must name its m-section.
//
// #dom-peerconnection-addicecandidate, step 3: "If candidate.candidate is not an empty string and both
// candidate.sdpMid and candidate.sdpMLineIndex are null, return a promise rejected with a newly created
// TypeError", before anything else is looked at.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("candidate-without-a-section", "TypeError", func() string {
	init := webrtc.ICECandidateInit{Candidate: "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"}
	return outcome(fresh().AddICECandidate(init))
})
