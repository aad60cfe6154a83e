package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/pion/webrtc/v3"
)

// missing is what a script refers to and what is not here.
type missing string

func (m missing) Error() string { return string(m) }

// script is what a script knows while it runs: the message that was delivered to it, and whether
// the call that it awaited last failed.
type script struct {
	message  string
	rejected bool
}

// perform does a list, one item after the other. A call that fails does not end it: a program says
// what to do and not what should happen.
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
		if err := do(p, each, s); err != nil {
			p.did("mark", fields{"text": fmt.Sprintf("skipped %s: %s", nameOf(each), err)})
		}
	}
}

func nameOf(each item) string {
	switch {
	case each.Call != "":
		return each.Call
	case each.Send != "":
		return "send " + each.Send
	case each.Receive != "":
		return "receive " + each.Receive
	}
	return "deliver"
}

// do does one item. An error tells what it refers to in vain.
func do(p *peer, each item, s *script) error {
	if each.Mark != "" {
		p.did("mark", fields{"text": each.Mark})
	}
	if each.Set != "" {
		setFlag(p, s, each)
	}
	if each.Collect {
		runtime.GC()
	}
	steps := []struct {
		asked bool
		done  func(*peer, item, *script) error
	}{{each.Send != "", send}, {each.Receive != "", receive}, {each.Deliver, deliver}, {each.Call != "", call}}
	for _, one := range steps {
		if !one.asked {
			continue
		}
		if err := one.done(p, each, s); err != nil {
			return err
		}
	}
	return nil
}

func allHold(p *peer, s *script, conditions []string) bool {
	for _, each := range conditions {
		if !holds(p, s, each) {
			return false
		}
	}
	return true
}

// holds tells whether a condition of an application holds now (`Do` in programs/language.py).
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
	p.did("send", fields{"message": message, "description": carried})
	return nil
}

func receive(p *peer, each item, s *script) error {
	message := each.Receive
	if message == "*" {
		message = s.message
	}
	if _, known := p.run.messages[message]; !known {
		return missing(each.Receive + " was never sent")
	}
	p.did("receive", fields{"message": message})
	return nil
}

// deliver lets the oldest message of the others arrive: the handler runs now, to its end.
func deliver(p *peer, _ item, _ *script) error {
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

// call makes one call and records it, then lets Pion's goroutines go on.
func call(p *peer, each item, s *script) error {
	if each.Call == "setLocalDescription" && each.Description == nil {
		return implied(p, each, s)
	}
	made, args, err := prepared(p, each, s)
	if err != nil {
		return err
	}
	p.run.calls++
	id := p.run.calls
	p.did("call", fields{"id": id, "method": each.Call, "args": args})
	result := made()
	if isPromised[each.Call] {
		p.run.observed("return", p, fields{"call": id})
		p.settling++
		p.run.turns.pause()
		p.settling--
		p.settled(id, each, result, s)
	} else {
		p.returned(id, result)
	}
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
	p.did("mark", fields{"text": "the program leaves the description out, and Pion cannot: " + method + " first"})
	if err := call(p, item{Call: method, As: name, Wait: each.Wait}, s); err != nil {
		return err
	}
	if _, there := p.run.results[name]; !there {
		return nil
	}
	each.Description = &source{Result: name}
	return call(p, each, s)
}

// settled records how a call ended that is a promise elsewhere.
func (p *peer) settled(id int, each item, result outcome, s *script) {
	if each.Wait {
		s.rejected = result.err != nil
	}
	if result.err != nil {
		told := failure(result.err)
		told["call"] = id
		p.saw("reject", told)
		return
	}
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
	p.saw("resolve", fields{"call": id, "description": result.description})
}

// returned records the end of a call that is none.
func (p *peer) returned(id int, result outcome) {
	if result.err != nil {
		told := failure(result.err)
		told["call"] = id
		p.saw("throw", told)
		return
	}
	told := fields{"call": id}
	p.scan()
	if result.transceiver != nil {
		told["value"] = p.nameOf(result.transceiver)
	}
	p.saw("return", told)
}
