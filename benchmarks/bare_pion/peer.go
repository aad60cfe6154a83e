package main

import (
	"fmt"
	"time"

	"github.com/pion/webrtc/v3"
)

// peer is a peer connection, and what an application knows of it.
type peer struct {
	run        *run
	connection *webrtc.PeerConnection
	known      []*webrtc.RTPTransceiver
	senders    map[string]*webrtc.RTPSender
	flags      map[string]bool
	sent       int
	delivered  int
	settling   int // calls that returned, and after which the script has not gone on yet
	handlers   map[string][]*handling
	lastOffer  *description
	lastAnswer *description
}

// handling is a handler that runs its script so often still.
type handling struct {
	do   []item
	left int
}

func newPeer(r *run, name string, handlers []handler) (*peer, error) {
	made, err := connection()
	if err != nil {
		return nil, err
	}
	p := &peer{
		run:        r,
		connection: made,
		senders:    map[string]*webrtc.RTPSender{},
		flags:      map[string]bool{},
		handlers:   map[string][]*handling{},
	}
	for _, each := range handlers {
		if each.Peer == name {
			p.handlers[each.Event] = append(p.handlers[each.Event], handlingOf(each))
		}
	}
	made.OnSignalingStateChange(func(webrtc.SignalingState) { p.happened("signalingstatechange") })
	made.OnNegotiationNeeded(func() { p.happened("negotiationneeded") })
	return p, nil
}

func handlingOf(each handler) *handling {
	if each.Times == nil {
		return &handling{each.Do, 1}
	}
	return &handling{each.Do, *each.Times}
}

// happened is Pion's callback, on a goroutine of Pion's.
func (p *peer) happened(event string) {
	p.run.turns.Lock()
	defer p.run.turns.Unlock()
	p.run.last = time.Now()
	for p.settling > 0 {
		p.run.turns.pause()
	}
	p.handle(event, "")
}

func (p *peer) handle(event, message string) {
	for _, each := range p.handlers[event] {
		if each.left > 0 && !p.run.over {
			each.left--
			perform(p, each.do, &script{message: message})
		}
	}
}

// keep keeps transceivers in the order of first sight, and their senders, which Pion takes away from
// them, where the program names any.
func (p *peer) keep() {
	if !p.run.namesTransceivers {
		return
	}
	for _, each := range p.connection.GetTransceivers() {
		name := p.nameOf(each)
		if sender := each.Sender(); sender != nil {
			p.senders[name] = sender
		}
	}
}

func (p *peer) nameOf(transceiver *webrtc.RTPTransceiver) string {
	for index, known := range p.known {
		if known == transceiver {
			return fmt.Sprintf("t%d", index+1)
		}
	}
	p.known = append(p.known, transceiver)
	return fmt.Sprintf("t%d", len(p.known))
}

func (p *peer) transceiver(name string) (*webrtc.RTPTransceiver, error) {
	p.keep()
	for _, known := range p.known {
		if p.nameOf(known) == name {
			return known, nil
		}
	}
	return nil, missing("there is no transceiver " + name)
}

func (p *peer) sender(name string) (*webrtc.RTPSender, error) {
	p.keep()
	if sender := p.senders[name]; sender != nil {
		return sender, nil
	}
	return nil, missing(name + " never had a sender")
}
