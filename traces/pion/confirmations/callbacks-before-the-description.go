// The event comes when the description is applied, with its transceivers.
//
// #set-description, step 4.6: state, transceivers and event are one task, in which the event comes
// last. Pion starts a goroutine for the callback when it has set the state, and goes on with the
// transceivers: which comes first depends on the scheduler. No recording shows it, and no expectation
// rests on it, as the recorder lets one goroutine at a time go on.
package main

import (
	"sync/atomic"

	"github.com/pion/webrtc/v3"
)

var _ = confirm("callbacks-before-the-description", "with the transceivers, always", func() string {
	var early int32
	for run := 0; run < 300; run++ {
		offerer, answerer := fresh(), fresh()
		audio(offerer)
		told := make(chan struct{})
		answerer.OnSignalingStateChange(func(webrtc.SignalingState) {
			if len(answerer.GetTransceivers()) == 0 {
				atomic.AddInt32(&early, 1)
			}
			close(told)
		})
		must(answerer.SetRemoteDescription(offerOf(offerer)))
		<-told
		must(offerer.Close())
		must(answerer.Close())
	}
	if early == 0 {
		return "with the transceivers, always"
	}
	return "before the transceivers, some of 300 times"
})
