// An answer may reject every m-section, and then says nothing of transports.
//
// RFC 9429, 5.3.1: of an m-section that is rejected an answer need not say more. #set-description,
// step 4.6, and RFC 9429, 5.10: what cannot be applied leaves everything as it was.
package main

import (
	"regexp"
	"strings"
)

var _ = confirm("answer-that-rejects-everything", "it succeeds, stable", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	answer, err := answerer.CreateAnswer(nil)
	must(err)
	answer.SDP = regexp.MustCompile(`a=fingerprint:[^\n]*\n`).ReplaceAllString(answer.SDP, "")
	answer.SDP = strings.Replace(answer.SDP, "m=audio 9 ", "m=audio 0 ", 1)
	err = offerer.SetRemoteDescription(answer)
	return outcome(err) + ", " + offerer.SignalingState().String()
})
