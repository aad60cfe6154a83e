// An offer may not have fewer m-sections than the session has.
//
// RFC 3264, 8, and RFC 9429, 5.8.3: the number of m-sections never goes down; the offer is invalid, and
// refused with an InvalidAccessError (#set-description, 4.5.6).
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("offer-that-loses-a-section", "InvalidAccessError in stable", func() string {
	offerer, fewer, answerer := fresh(), fresh(), fresh()
	audio(offerer)
	_, err := offerer.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo)
	must(err)
	audio(fewer)
	answerOf(answerer, offerOf(offerer))
	told := outcome(answerer.SetRemoteDescription(offerOf(fewer)))
	return told + " in " + answerer.SignalingState().String()
})
