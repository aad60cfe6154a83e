// Without a text, setLocalDescription creates what it sets.
//
// #dom-peerconnection-setlocaldescription, step 4.5.2: if sdp is empty and there is no answer that
// createAnswer made, one is created, and set.
package main

import (
	"strings"

	"github.com/pion/webrtc/v3"
)

var _ = confirm("implicit-answer-has-no-text", "an m-section", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	err := answerer.SetLocalDescription(webrtc.SessionDescription{Type: webrtc.SDPTypePranswer})
	must(err)
	if !strings.Contains(answerer.LocalDescription().SDP, "m=audio ") {
		return "it succeeds, and there is no m-section"
	}
	return "an m-section"
})
