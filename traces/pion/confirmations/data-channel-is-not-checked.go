// createDataChannel refuses what makes no sense.
//
// #dom-peerconnection-createdatachannel: negotiated without an id (step 14) and the id 65535 (17) throw a
// TypeError, an id that another channel has (18) an OperationError.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("data-channel-is-not-checked", "TypeError, TypeError, OperationError", func() string {
	pc := fresh()
	yes, five, id := true, uint16(5), uint16(65535)
	_, negotiated := pc.CreateDataChannel("no-id", &webrtc.DataChannelInit{Negotiated: &yes})
	_, reserved := pc.CreateDataChannel("reserved", &webrtc.DataChannelInit{Negotiated: &yes, ID: &id})
	_, err := pc.CreateDataChannel("five", &webrtc.DataChannelInit{Negotiated: &yes, ID: &five})
	must(err)
	_, again := pc.CreateDataChannel("five-again", &webrtc.DataChannelInit{Negotiated: &yes, ID: &five})
	return outcome(negotiated) + ", " + outcome(reserved) + ", " + outcome(again)
})
