// addTrack uses a sender that has no track and was never used to send.
//
// #dom-rtcpeerconnection-addtrack, step 7: a sender whose track is null, whose transceiver is of this
// kind, is not stopping, and was never used to send, is reused.
package main

var _ = confirm("add-track-passes-an-empty-sender", "1 transceiver", func() string {
	pc := fresh()
	transceiver := audio(pc)
	must(transceiver.Sender().ReplaceTrack(nil))
	_, err := pc.AddTrack(newTrack("track"))
	must(err)
	if len(pc.GetTransceivers()) == 1 {
		return "1 transceiver"
	}
	return "2 transceivers"
})
