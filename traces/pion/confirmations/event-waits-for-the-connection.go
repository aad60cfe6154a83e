// A transceiver that is added after a negotiation needs another one, whether or not ICE has connected.
//
// #dfn-update-the-negotiation-needed-flag: the task of step 2 waits for the chain to be empty (2.2) and
// for stable (2.3); #dfn-check-if-negotiation-is-needed looks at transceivers and descriptions. Neither
// asks for a transport.
package main

import "time"

var _ = confirm("event-waits-for-the-connection", "negotiationneeded", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	must(offerer.SetRemoteDescription(answerOf(answerer, offerOf(offerer))))
	fired := make(chan struct{}, 8)
	offerer.OnNegotiationNeeded(func() { fired <- struct{}{} })
	audio(offerer)
	select {
	case <-fired:
		return "negotiationneeded"
	case <-time.After(aWhile):
		return "no event in half a second, not connected"
	}
})
