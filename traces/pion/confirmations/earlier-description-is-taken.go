// An answer that was set is no longer the last created one: it cannot be set for the next offer.
//
// #set-description, 4.6.5.2: an answer that is applied sets [[LastCreatedOffer]] and
// [[LastCreatedAnswer]] to "". setLocalDescription, 4.3: an sdp that is not the last created one is
// refused with InvalidModificationError.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("earlier-description-is-taken", "InvalidModificationError in have-remote-offer", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer, webrtc.RTPTransceiverDirectionRecvonly)
	offer := offerOf(offerer)
	answer := answerOf(answerer, offer)
	must(answerer.SetRemoteDescription(offer))
	again := outcome(answerer.SetLocalDescription(answer))
	return again + " in " + answerer.SignalingState().String()
})
