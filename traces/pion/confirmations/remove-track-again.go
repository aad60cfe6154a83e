// removeTrack of a sender without a track, or of one that is stopping, does nothing.
//
// #dom-rtcpeerconnection-removetrack, steps 6 (the transceiver is stopping) and 9 (the track is null):
// "abort these steps".
package main

var _ = confirm("remove-track-again", "it succeeds, it succeeds", func() string {
	pc := fresh()
	again, stopped := audio(pc), audio(pc)
	sender := again.Sender()
	must(pc.RemoveTrack(sender))
	must(stopped.Stop())
	return outcome(pc.RemoveTrack(sender)) + ", " + outcome(pc.RemoveTrack(stopped.Sender()))
})
