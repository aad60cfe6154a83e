package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/pion/webrtc/v3"
)

// missing is what a script refers to and what is not here: the call is not made.
type missing string

func (m missing) Error() string { return string(m) }

// script is what a script knows while it runs.
type script struct {
	message  string
	rejected bool
}

func perform(p *peer, list []item, s *script) {
	for _, each := range list {
		if p.run.over {
			return
		}
		if !allHold(p, s, each.When) {
			continue
		}
		if each.End {
			return
		}
		do(p, each, s)
	}
}

// do does one item, as far as what it refers to is here.
func do(p *peer, each item, s *script) {
	var err error
	if each.Set != "" {
		setFlag(p, s, each)
	}
	if each.Send != "" {
		err = send(p, each, s)
	}
	if err == nil && each.Deliver {
		err = deliver(p)
	}
	if err == nil && each.Call != "" {
		_ = call(p, each, s)
	}
}

func allHold(p *peer, s *script, conditions []string) bool {
	for _, each := range conditions {
		if !holds(p, s, each) {
			return false
		}
	}
	return true
}

func holds(p *peer, s *script, condition string) bool {
	if strings.HasPrefix(condition, "!") {
		return !holds(p, s, condition[1:])
	}
	colon := strings.IndexByte(condition, ':')
	if colon < 0 {
		return p.flags[condition]
	}
	switch value := condition[colon+1:]; condition[:colon] {
	case "state":
		return p.connection.SignalingState().String() == value
	case "type":
		carried := p.run.messages[s.message]
		return carried != nil && carried.Type != nil && *carried.Type == value
	}
	return s.rejected
}

func setFlag(p *peer, s *script, each item) {
	p.flags[each.Set] = each.To == nil
	if each.To == nil {
		return
	}
	for _, conditions := range *each.To {
		p.flags[each.Set] = p.flags[each.Set] || allHold(p, s, conditions)
	}
}

func send(p *peer, each item, s *script) error {
	var carried *description
	if each.Description != nil {
		made, err := describe(p, each.Description, s)
		if err != nil {
			return err
		}
		carried = &made
	}
	p.sent++
	message := strings.Replace(each.Send, "*", fmt.Sprint(p.sent), 1)
	p.run.messages[message] = carried
	p.run.sent = append(p.run.sent, sent{p, message})
	return nil
}

func deliver(p *peer) error {
	others := []string{}
	for _, each := range p.run.sent {
		if each.by != p {
			others = append(others, each.message)
		}
	}
	if p.delivered >= len(others) {
		return missing("no message is under way")
	}
	p.delivered++
	p.handle("message", others[p.delivered-1])
	return nil
}

func call(p *peer, each item, s *script) error {
	if each.Call == "setLocalDescription" && each.Description == nil {
		return implied(p, each, s)
	}
	made, _, err := prepared(p, each, s)
	if err != nil {
		return err
	}
	p.keep()
	p.run.calls++
	p.run.did("calls")
	result := made()
	p.run.last = time.Now()
	if isPromised[each.Call] {
		p.settling++
		p.run.turns.pause()
		p.settling--
		p.settled(each, result, s)
	} else if result.err != nil {
		p.run.did("thrown")
	}
	p.keep()
	p.run.turns.pause()
	return nil
}

// implied makes the calls that an application of Pion makes where others leave the description out.
func implied(p *peer, each item, s *script) error {
	method := "createOffer"
	switch p.connection.SignalingState() {
	case webrtc.SignalingStateHaveRemoteOffer, webrtc.SignalingStateHaveLocalPranswer:
		method = "createAnswer"
	}
	const name = "implied"
	delete(p.run.results, name)
	if err := call(p, item{Call: method, As: name, Wait: each.Wait}, s); err != nil {
		return err
	}
	if _, there := p.run.results[name]; !there {
		return nil
	}
	each.Description = &source{Result: name}
	return call(p, each, s)
}

func (p *peer) settled(each item, result outcome, s *script) {
	if each.Wait {
		s.rejected = result.err != nil
	}
	if result.err != nil {
		p.run.did("rejected")
		return
	}
	p.run.did("fulfilled")
	switch each.Call {
	case "createOffer":
		p.lastOffer = result.description
	case "createAnswer":
		p.lastAnswer = result.description
	case "setLocalDescription":
		result.description = textOf(p.connection.LocalDescription())
	}
	if each.As != "" && result.description != nil {
		p.run.results[each.As] = *result.description
	}
}
