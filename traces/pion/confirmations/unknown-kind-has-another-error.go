// A kind that is neither audio nor video is a TypeError, and is looked at first.
//
// #dom-rtcpeerconnection-addtransceiver, step 5.1: "If kind is neither audio nor video, throw a TypeError";
// whether the connection is closed is looked at in step 7.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("unknown-kind-has-another-error", "TypeError, after close TypeError", func() string {
	pc := fresh()
	_, before := pc.AddTransceiverFromKind(webrtc.NewRTPCodecType("text"))
	must(pc.Close())
	_, after := pc.AddTransceiverFromKind(webrtc.NewRTPCodecType("text"))
	return outcome(before) + ", after close " + outcome(after)
})
