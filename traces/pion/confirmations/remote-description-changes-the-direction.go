// A remote description does not change what the application wants to do.
//
// #set-description sets [[CurrentDirection]] (of answers), and never [[Direction]], when the description
// is a remote one.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("remote-description-changes-the-direction", "sendrecv", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer, webrtc.RTPTransceiverDirectionRecvonly)
	_, err := answerer.AddTrack(newTrack("track"))
	must(err)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	return answerer.GetTransceivers()[0].Direction().String()
})
