// A transceiver that was stopped is stopping, and the next offer rejects its m-section.
//
// #dom-rtcrtptransceiver-stop, step 5, sets [[Stopping]]; the getter of direction
// then gives "stopped". jsep:5.2.2: the m-section of a stopped transceiver is marked as rejected.
package main

import "strings"

var _ = confirm("stop-does-not-stop", "stopped, and the next offer rejects the m-section", func() string {
	offerer, answerer := fresh(), fresh()
	transceiver := audio(offerer)
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	must(transceiver.Stop())
	offer, err := offerer.CreateOffer(nil)
	must(err)
	if strings.Contains(offer.SDP, "m=audio 0 ") {
		return transceiver.Direction().String() + ", and the next offer rejects the m-section"
	}
	return transceiver.Direction().String() + ", and the next offer does not reject the m-section"
})
