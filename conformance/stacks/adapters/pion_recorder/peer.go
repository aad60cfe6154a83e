package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pion/webrtc/v3"
)

// peer is one peer connection, and the names of what it has.
type peer struct {
	run        *run
	name       string
	connection *webrtc.PeerConnection
	named      []*webrtc.RTPTransceiver
	senders    map[*webrtc.RTPTransceiver]*webrtc.RTPSender
	flags      map[string]bool
	sent       int
	delivered  int
	settling   int // calls that returned, and whose settlement is not recorded yet
	handlers   map[string][]*handling
	lastOffer  *description
	lastAnswer *description
}

// handling is a handler that runs its script so often still.
type handling struct {
	do   []item
	left int
}

func newPeer(r *run, name string) (*peer, error) {
	made, err := connection()
	if err != nil {
		return nil, err
	}
	p := &peer{
		run:        r,
		name:       name,
		connection: made,
		senders:    map[*webrtc.RTPTransceiver]*webrtc.RTPSender{},
		flags:      map[string]bool{},
		handlers:   map[string][]*handling{},
	}
	for _, each := range r.program.Handlers {
		if each.Peer != name {
			continue
		}
		times := 1
		if each.Times != nil {
			times = *each.Times
		}
		p.handlers[each.Event] = append(p.handlers[each.Event], &handling{each.Do, times})
	}
	made.OnSignalingStateChange(func(webrtc.SignalingState) { p.happened("signalingstatechange") })
	made.OnNegotiationNeeded(func() { p.happened("negotiationneeded") })
	return p, nil
}

// happened is Pion's callback, on a goroutine of Pion's.
func (p *peer) happened(event string) {
	p.run.turns.Lock()
	defer p.run.turns.Unlock()
	p.saw("event", fields{"name": event})
	for p.settling > 0 {
		p.run.turns.pause()
	}
	p.handle(event, "")
}

// handle runs the handlers' scripts, in the order in which the program lists them.
func (p *peer) handle(event, message string) {
	for _, each := range p.handlers[event] {
		if each.left <= 0 || p.run.over {
			continue
		}
		each.left--
		perform(p, each.do, &script{message: message})
	}
}

// did records something that is done: a call, a message, a remark.
func (p *peer) did(kind string, told fields) {
	p.scan()
	p.run.observed(kind, p, told)
}

// saw records something that is seen, with what can be read at this moment.
func (p *peer) saw(kind string, told fields) {
	told["state"] = p.reading()
	p.run.observed(kind, p, told)
}

// scan names the transceivers that are new, in the order of GetTransceivers, and keeps their
// senders: Pion takes a sender away from its transceiver, and an application would keep it.
func (p *peer) scan() []*webrtc.RTPTransceiver {
	transceivers := p.connection.GetTransceivers()
	for _, each := range transceivers {
		if p.nameOf(each) == "" {
			p.named = append(p.named, each)
		}
		if sender := each.Sender(); sender != nil {
			p.senders[each] = sender
		}
	}
	return transceivers
}

func (p *peer) nameOf(transceiver *webrtc.RTPTransceiver) string {
	for index, known := range p.named {
		if known == transceiver {
			return fmt.Sprintf("t%d", index+1)
		}
	}
	return ""
}

func (p *peer) transceiver(name string) (*webrtc.RTPTransceiver, error) {
	p.scan()
	for _, known := range p.named {
		if p.nameOf(known) == name {
			return known, nil
		}
	}
	return nil, missing("there is no transceiver " + name)
}

func (p *peer) sender(name string) (*webrtc.RTPSender, error) {
	transceiver, err := p.transceiver(name)
	if err != nil {
		return nil, err
	}
	if sender := p.senders[transceiver]; sender != nil {
		return sender, nil
	}
	return nil, missing(name + " never had a sender")
}

// reading is what can be read. Pion keeps the current direction of a transceiver to itself.
func (p *peer) reading() fields {
	transceivers := []fields{}
	for _, each := range p.scan() {
		read := fields{"id": p.nameOf(each), "kind": each.Kind().String(), "direction": each.Direction().String()}
		if mid := each.Mid(); mid != "" {
			read["mid"] = mid
		}
		transceivers = append(transceivers, read)
	}
	return fields{
		"signalingState": p.connection.SignalingState().String(),
		"transceivers":   transceivers,
		"descriptions": fields{
			"currentLocal":  typeOf(p.connection.CurrentLocalDescription()),
			"currentRemote": typeOf(p.connection.CurrentRemoteDescription()),
			"pendingLocal":  typeOf(p.connection.PendingLocalDescription()),
			"pendingRemote": typeOf(p.connection.PendingRemoteDescription()),
		},
	}
}

func typeOf(read *webrtc.SessionDescription) interface{} {
	if read == nil {
		return nil
	}
	return read.Type.String()
}

// failure tells an error: of which type of the package rtcerr it is, which have the specification's
// names, else "Error", as a JavaScript error without a name of its own is called.
func failure(err error) fields {
	told := fields{"error": "Error", "message": err.Error()}
	for ; err != nil; err = errors.Unwrap(err) {
		kind := reflect.Indirect(reflect.ValueOf(err)).Type()
		if strings.HasSuffix(kind.PkgPath(), "/rtcerr") {
			told["error"] = kind.Name()
			break
		}
	}
	return told
}
