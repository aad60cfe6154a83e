// createDataChannel refuses what makes no sense.
//
// #dom-peerconnection-createdatachannel: negotiated without an id (step 14), both maxPacketLifeTime and
// maxRetransmits (15), and the id 65535 (17) throw a TypeError.
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("data-channel-is-not-checked", "TypeError, TypeError, TypeError", func() string {
	pc := fresh()
	yes, ten, id := true, uint16(10), uint16(65535)
	_, negotiated := pc.CreateDataChannel("no-id", &webrtc.DataChannelInit{Negotiated: &yes})
	_, both := pc.CreateDataChannel("both", &webrtc.DataChannelInit{
		MaxPacketLifeTime: &ten, MaxRetransmits: &ten,
	})
	_, reserved := pc.CreateDataChannel("reserved", &webrtc.DataChannelInit{Negotiated: &yes, ID: &id})
	return outcome(negotiated) + ", " + outcome(both) + ", " + outcome(reserved)
})
