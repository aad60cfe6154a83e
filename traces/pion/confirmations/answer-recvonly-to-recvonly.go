// Who only receives answers an offer that only receives with inactive.
//
// jsep:5.3.1: the direction of the answer is the offered one, reversed, and restricted to what the
// transceiver does.
package main

import "strings"

var _ = confirm("answer-recvonly-to-recvonly", "inactive", func() string {
	offerer, answerer := fresh(), fresh()
	transceiver := audio(offerer)
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	must(offerer.RemoveTrack(transceiver.Sender()))
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	answer, err := answerer.CreateAnswer(nil)
	must(err)
	for _, direction := range []string{"inactive", "recvonly", "sendonly", "sendrecv"} {
		if strings.Contains(answer.SDP, "a="+direction+"\r\n") {
			return direction
		}
	}
	return "no direction"
})
