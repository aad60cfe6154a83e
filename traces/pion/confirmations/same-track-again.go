// A track that a sender has already cannot be added again.
//
// #dom-rtcpeerconnection-addtrack, step 6: "If an RTCRtpSender for track already exists in senders, throw
// an InvalidAccessError".
package main

var _ = confirm("same-track-again", "InvalidAccessError", func() string {
	pc := fresh()
	track := newTrack("track")
	_, err := pc.AddTrack(track)
	must(err)
	_, err = pc.AddTrack(track)
	return outcome(err)
})
