// createOffer is refused while a remote offer is pending.
//
// #dom-rtcpeerconnection-createoffer, chained step 1: "If connection.[[SignalingState]] is neither stable
// nor have-local-offer, return a promise rejected with a newly created InvalidStateError".
package main

var _ = confirm("create-offer-in-any-state", "InvalidStateError", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(answerer.SetRemoteDescription(offerOf(offerer)))
	_, err := answerer.CreateOffer(nil)
	return outcome(err)
})
