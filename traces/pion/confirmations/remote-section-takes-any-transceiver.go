// A remote m-section is associated only with a transceiver that addTrack made.
//
// jsep:5.10: "If the m= section is not associated with any RtpTransceiver ..., either find an
// RtpTransceiver or create one": to be found, it must have been created by addTrack, and the m-section
// must be sendrecv or recvonly.
package main

import "fmt"

var _ = confirm("remote-section-takes-any-transceiver", "2 transceivers", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	audio(answerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	return fmt.Sprintf("%d transceivers", len(answerer.GetTransceivers()))
})
