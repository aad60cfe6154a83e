// A remote m-section is associated only with a transceiver that addTrack made, and only if it is
// sendrecv or recvonly.
//
// jsep:5.10: "If the m= section is sendrecv or recvonly, and there are RtpTransceivers of the same type
// that were added to the PeerConnection by addTrack and are not associated with any m= section and are
// not stopped, find the first"; otherwise one is created.
package main

import (
	"fmt"

	"github.com/pion/webrtc/v3"
)

var _ = confirm("remote-section-takes-any-transceiver", "2 transceivers, 2 transceivers", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	audio(answerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))

	sender, other := fresh(), fresh()
	audio(sender, webrtc.RTPTransceiverDirectionSendonly)
	_, err := other.AddTrack(newTrack("track"))
	must(err)
	must(other.SetRemoteDescription(offerOf(sender)))
	return fmt.Sprintf(
		"%d transceivers, %d transceivers", len(answerer.GetTransceivers()), len(other.GetTransceivers()),
	)
})
