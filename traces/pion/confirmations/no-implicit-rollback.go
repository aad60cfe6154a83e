// A remote offer that comes while a local one is pending rolls that one back.
//
// #dom-peerconnection-setremotedescription, step 3.1: an offer that is invalid in this state, and
// would be valid in stable, is preceded by a rollback.
package main

var _ = confirm("no-implicit-rollback", "it succeeds, have-remote-offer", func() string {
	pc, other := fresh(), fresh()
	audio(pc)
	audio(other)
	offerOf(pc)
	err := pc.SetRemoteDescription(offerOf(other))
	return outcome(err) + ", " + pc.SignalingState().String()
})
