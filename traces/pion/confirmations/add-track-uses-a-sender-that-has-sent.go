// addTrack does not use a sender again that has sent.
//
// #dom-rtcpeerconnection-addtrack, step 7: a sender is reused only if it "has never been used to send",
// that is if [[CurrentDirection]] of its transceiver "has never had a value of sendrecv or sendonly".
package main

import "fmt"

var _ = confirm("add-track-uses-a-sender-that-has-sent", "2 transceivers", func() string {
	offerer, answerer := fresh(), fresh()
	sender, err := offerer.AddTrack(newTrack("first"))
	must(err)
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	must(offerer.RemoveTrack(sender))
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	_, err = offerer.AddTrack(newTrack("second"))
	must(err)
	return fmt.Sprintf("%d transceivers", len(offerer.GetTransceivers()))
})
