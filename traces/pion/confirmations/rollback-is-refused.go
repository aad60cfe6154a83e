// A local offer can be rolled back.
//
// #set-description, step 4.6.12: a rollback takes the pending description away, and the state is stable.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("rollback-is-refused", "it succeeds, stable", func() string {
	pc := fresh()
	audio(pc)
	offerOf(pc)
	err := pc.SetLocalDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeRollback})
	return outcome(err) + ", " + pc.SignalingState().String()
})
