// An offer may replace the pending one of the same side, and a provisional answer another one.
//
// RFC 9429, figure 2 (#rtcsignalingstate-enum): setLocalDescription(offer) in have-local-offer,
// setRemoteDescription(offer) in have-remote-offer and setRemoteDescription(pranswer) in
// have-remote-pranswer lead to the same state.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("second-offer-is-refused", "local: it succeeds; remote: it succeeds; provisional answer: it succeeds", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	offer := offerOf(offerer)
	local := outcome(offerer.SetLocalDescription(offer))
	must(answerer.SetRemoteDescription(offer))
	remote := outcome(answerer.SetRemoteDescription(offer))
	answer, err := answerer.CreateAnswer(nil)
	must(err)
	answer.Type = webrtc.SDPTypePranswer
	must(offerer.SetRemoteDescription(answer))
	provisional := outcome(offerer.SetRemoteDescription(answer))
	return "local: " + local + "; remote: " + remote + "; provisional answer: " + provisional
})
