// With rtcpMuxPolicy "require", a description that does not enable RTCP multiplexing is refused.
//
// #set-description, step 4.6.4: a remote description that does not use RTCP mux, where the policy is
// "require" (the default), is an InvalidAccessError.
package main

import "strings"

var _ = confirm("offer-without-rtcp-mux", "InvalidAccessError, stable", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	offer := offerOf(offerer)
	offer.SDP = strings.Replace(offer.SDP, "a=rtcp-mux\r\n", "", 1)
	err := answerer.SetRemoteDescription(offer)
	return outcome(err) + ", " + answerer.SignalingState().String()
})
