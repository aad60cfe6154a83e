package main

import (
	"encoding/json"
	"fmt"
	"sort"

	"github.com/pion/webrtc/v3"
)

// outcome is how a call ended. `description` is what was created, `transceiver` the one that
// addTransceiver or addTrack made or took into use.
type outcome struct {
	err         error
	description *description
	transceiver *webrtc.RTPTransceiver
}

var isPromised = map[string]bool{
	"createOffer": true, "createAnswer": true, "setLocalDescription": true,
	"setRemoteDescription": true, "addIceCandidate": true, "replaceTrack": true,
}

// given are the arguments of a call, as objects.
type given struct {
	arguments
	description   description
	transceiver   *webrtc.RTPTransceiver
	sender        *webrtc.RTPSender
	track         webrtc.TrackLocal
	configuration webrtc.Configuration
}

type method func(*peer, given) outcome

// methods are the calls of the program language that Pion has. What it has not: restartIce (its
// place is CreateOffer's ICERestart), the setter of direction, setStreams and setParameters.
var methods = map[string]method{
	"addTransceiver":    addTransceiver,
	"addTrack":          addTrack,
	"removeTrack":       func(p *peer, g given) outcome { return outcome{err: p.connection.RemoveTrack(g.sender)} },
	"stop":              func(_ *peer, g given) outcome { return outcome{err: g.transceiver.Stop()} },
	"replaceTrack":      func(_ *peer, g given) outcome { return outcome{err: g.sender.ReplaceTrack(g.track)} },
	"createDataChannel": createDataChannel,
	"createOffer":       createOffer,
	"createAnswer":      createAnswer,
	"close":             func(p *peer, _ given) outcome { return outcome{err: p.connection.Close()} },
	"setLocalDescription": func(p *peer, g given) outcome {
		return outcome{err: p.connection.SetLocalDescription(sessionDescription(g))}
	},
	"setRemoteDescription": func(p *peer, g given) outcome {
		return outcome{err: p.connection.SetRemoteDescription(sessionDescription(g))}
	},
	"addIceCandidate":  addICECandidate,
	"setConfiguration": func(p *peer, g given) outcome { return outcome{err: p.connection.SetConfiguration(g.configuration)} },
}

func addTransceiver(p *peer, g given) outcome {
	init := []webrtc.RTPTransceiverInit{}
	if g.Direction != "" {
		init = append(init, webrtc.RTPTransceiverInit{Direction: webrtc.NewRTPTransceiverDirection(g.Direction)})
	}
	if g.track != nil {
		made, err := p.connection.AddTransceiverFromTrack(g.track, init...)
		return outcome{err: err, transceiver: made}
	}
	kind := ""
	if g.Kind != nil {
		kind = *g.Kind
	}
	made, err := p.connection.AddTransceiverFromKind(webrtc.NewRTPCodecType(kind), init...)
	return outcome{err: err, transceiver: made}
}

func addTrack(p *peer, g given) outcome {
	sender, err := p.connection.AddTrack(g.track)
	if err != nil {
		return outcome{err: err}
	}
	for _, each := range p.connection.GetTransceivers() {
		if each.Sender() == sender {
			return outcome{transceiver: each}
		}
	}
	return outcome{}
}

func createDataChannel(p *peer, g given) outcome {
	label := ""
	if g.Label != nil {
		label = *g.Label
	}
	var init *webrtc.DataChannelInit
	if g.Init != nil {
		init = &webrtc.DataChannelInit{
			ID:                g.Init.ID,
			Negotiated:        g.Init.Negotiated,
			MaxPacketLifeTime: g.Init.MaxPacketLifeTime,
			MaxRetransmits:    g.Init.MaxRetransmits,
		}
	}
	_, err := p.connection.CreateDataChannel(label, init)
	return outcome{err: err}
}

func createOffer(p *peer, g given) outcome {
	var options *webrtc.OfferOptions
	if g.Options != nil {
		options = &webrtc.OfferOptions{ICERestart: g.Options["iceRestart"]}
	}
	made, err := p.connection.CreateOffer(options)
	if err != nil {
		return outcome{err: err}
	}
	return outcome{description: textOf(&made)}
}

func createAnswer(p *peer, _ given) outcome {
	made, err := p.connection.CreateAnswer(nil)
	if err != nil {
		return outcome{err: err}
	}
	return outcome{description: textOf(&made)}
}

func addICECandidate(p *peer, g given) outcome {
	init := webrtc.ICECandidateInit{}
	if g.Candidate != nil {
		init = webrtc.ICECandidateInit{
			Candidate:        g.Candidate.Candidate,
			SDPMid:           g.Candidate.SDPMid,
			SDPMLineIndex:    g.Candidate.SDPMLineIndex,
			UsernameFragment: g.Candidate.UsernameFragment,
		}
	}
	return outcome{err: p.connection.AddICECandidate(init)}
}

func sessionDescription(g given) webrtc.SessionDescription {
	made := webrtc.SessionDescription{}
	if g.description.Type != nil {
		made.Type = webrtc.NewSDPType(*g.description.Type)
	}
	if g.description.SDP != nil {
		made.SDP = *g.description.SDP
	}
	return made
}

// prepared gives what makes the call, and its arguments as a recording tells them.
func prepared(p *peer, each item, s *script) (func() outcome, fields, error) {
	g, told := given{arguments: each.Args}, fields{}
	for name, value := range each.RawArgs {
		told[name] = value
	}
	var err error
	if each.Args.Transceiver != "" {
		err = p.use(&g, each)
	}
	if err == nil && each.Args.Track != nil {
		g.track, err = p.run.track(*each.Args.Track, streamOf(each))
	} else if err == nil && sendsNothingNamed(each) {
		name := fmt.Sprintf("%s:of-call-%d", *each.Args.Kind, p.run.calls+1)
		g.track, err = p.run.track(name, streamOf(each))
		delete(told, "kind")
		told["track"] = name
	}
	if err == nil && each.Description != nil {
		g.description, err = describe(p, each.Description, s)
		told["description"] = g.description
	}
	if err == nil && each.Call == "setConfiguration" {
		told["configuration"], err = configured(&g)
	}
	return func() outcome { return methods[each.Call](p, g) }, told, err
}

// use puts in the transceiver that the item names, or its sender.
func (p *peer) use(g *given, each item) (err error) {
	if each.Call == "stop" {
		g.transceiver, err = p.transceiver(each.Args.Transceiver)
	} else {
		g.sender, err = p.sender(each.Args.Transceiver)
	}
	return err
}

// configured puts in the whole configuration: what a connection was made with stays.
func configured(g *given) (fields, error) {
	whole := fields{}
	for _, part := range []fields{configuration, g.Configuration} {
		for name, value := range part {
			whole[name] = value
		}
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return nil, err
	}
	if err = json.Unmarshal(text, &g.configuration); err != nil {
		return nil, missing("Pion has no such configuration: " + err.Error())
	}
	return whole, nil
}

// unsupported tells what the program needs and Pion has not.
func unsupported(p program) []string {
	found := map[string]bool{}
	lists := [][]item{}
	for _, each := range p.Steps {
		lists = append(lists, each.Do)
	}
	for _, each := range p.Handlers {
		lists = append(lists, each.Do)
		if each.Event == "track" {
			found["the event track"] = true
		}
	}
	streams := map[string]string{}
	for _, list := range lists {
		for _, each := range list {
			lacking(each, streams, found)
		}
	}
	names := []string{}
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// lacking finds what Pion lacks for this item. `streams` are those that tracks were given so far.
func lacking(each item, streams map[string]string, found map[string]bool) {
	if _, there := methods[each.Call]; each.Call != "" && !there {
		found[each.Call] = true
	}
	for name := range each.Args.Options {
		if name != "iceRestart" {
			found["createOffer with "+name] = true
		}
	}
	if each.Args.Direction == "stopped" {
		found["the direction stopped"] = true
	}
	if len(each.Args.Streams) > 1 {
		found["a track in several streams"] = true
	}
	if each.Args.Track != nil {
		before, known := streams[*each.Args.Track]
		streams[*each.Args.Track] = streamOf(each)
		if known && before != streamOf(each) {
			found["a track whose stream changes"] = true
		}
	}
}
