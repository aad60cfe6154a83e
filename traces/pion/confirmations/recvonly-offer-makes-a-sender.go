// The transceiver that a remote offer makes is recvonly, whatever the direction of its m-section.
//
// #set-description, step 4.6.11.2.7.3: an RTCRtpTransceiver is created with the direction recvonly.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("recvonly-offer-makes-a-sender", "recvonly", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer, webrtc.RTPTransceiverDirectionRecvonly)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	return answerer.GetTransceivers()[0].Direction().String()
})
