// A transceiver may be added that is inactive.
//
// #dom-rtcpeerconnection-addtransceiver: init.direction is any RTCRtpTransceiverDirection.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("inactive-transceiver-is-refused", "it succeeds", func() string {
	init := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionInactive}
	_, err := fresh().AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, init)
	return outcome(err)
})
