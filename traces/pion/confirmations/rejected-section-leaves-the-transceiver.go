// A remote description that rejects an m-section stops its transceiver.
//
// #set-description, step 4.6.11.2.15: "If the media description is rejected, and
// transceiver.[[Stopped]] is false, then stop the RTCRtpTransceiver transceiver".
package main

import "strings"

var _ = confirm("rejected-section-leaves-the-transceiver", "stopped", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	audio(offerer)
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	offer, err := offerer.CreateOffer(nil)
	must(err)
	offer.SDP = strings.Replace(offer.SDP, "m=audio 9 ", "m=audio 0 ", 1)
	first := answerer.GetTransceivers()[0]
	must(answerer.SetRemoteDescription(offer))
	return first.Direction().String()
})
