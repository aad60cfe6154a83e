package main

import (
	"fmt"
	"math"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v3"
)

// configuration is what connections are made with, and what SetConfiguration keeps.
var configuration = fields{"iceTransportPolicy": "relay"}

// run is what all peers of a running program share. Who touches it has the turn.
type run struct {
	turns    *turns
	out      *output
	program  program
	options  options
	start    time.Time
	last     time.Time
	count    int
	calls    int
	over     bool
	order    []*peer
	peers    map[string]*peer
	tracks   map[string]webrtc.TrackLocal
	results  map[string]description
	messages map[string]*description
	sent     []sent
}

type sent struct {
	by      *peer
	message string
}

func newRun(order order, out *output) (*run, error) {
	r := &run{
		turns:    newTurns(milliseconds(order.Options.Patience)),
		out:      out,
		program:  order.Program,
		options:  order.Options,
		start:    time.Now(),
		last:     time.Now(),
		peers:    map[string]*peer{},
		tracks:   map[string]webrtc.TrackLocal{},
		results:  map[string]description{},
		messages: map[string]*description{},
	}
	for _, name := range order.Program.Peers {
		made, err := newPeer(r, name)
		if err != nil {
			return nil, err
		}
		r.order = append(r.order, made)
		r.peers[name] = made
	}
	return r, nil
}

func milliseconds(number float64) time.Duration {
	return time.Duration(number * float64(time.Millisecond))
}

// since gives the milliseconds since that moment, rounded to microseconds.
func since(moment time.Time) float64 {
	return math.Round(float64(time.Since(moment).Nanoseconds())/1000) / 1000
}

// connection makes a fresh peer connection, as NewPeerConnection would but without multicast DNS.
func connection() (*webrtc.PeerConnection, error) {
	media, interceptors := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	if err := webrtc.RegisterDefaultInterceptors(media, interceptors); err != nil {
		return nil, err
	}
	engine := webrtc.SettingEngine{}
	engine.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(interceptors),
		webrtc.WithSettingEngine(engine),
	)
	return api.NewPeerConnection(webrtc.Configuration{ICETransportPolicy: webrtc.ICETransportPolicyRelay})
}

// all runs the program to its end. An error is the recorder's own.
func (r *run) all() error {
	r.turns.Lock()
	defer r.turns.Unlock()
	for _, each := range r.program.Steps {
		r.turns.pause()
		if !each.Settle {
			perform(r.peers[each.Peer], each.Do, &script{})
			continue
		}
		if err := r.settle(); err != nil {
			return err
		}
	}
	r.over = true
	for _, each := range r.order {
		if err := each.connection.Close(); err != nil {
			return fmt.Errorf("a connection cannot be closed: %w", err)
		}
	}
	r.turns.end()
	return nil
}

// observed sends an observation, numbered and with its time.
func (r *run) observed(kind string, by *peer, observation fields) {
	if r.over {
		return
	}
	r.count++
	r.last = time.Now()
	observation["kind"] = kind
	observation["n"] = r.count
	observation["t"] = since(r.start)
	observation["peer"] = by.name
	r.out.send(observation)
}

// settle waits until it is quiet, and records that of each peer.
func (r *run) settle() error {
	end := time.Now().Add(milliseconds(r.options.Patience))
	measured, enough, err := r.measure()
	for err == nil && !enough && time.Now().Before(end) {
		measured, enough, err = r.measure()
	}
	if err != nil {
		return err
	}
	for _, each := range r.order {
		idle := fields{"pending": []int{}}
		for name, value := range measured {
			idle[name] = value
		}
		each.saw("idle", idle)
	}
	return nil
}

// measure is one attempt: what was measured, and whether nothing happened for as long as it takes
// here. How long a fresh connection's CreateOffer takes tells how busy the machine is.
func (r *run) measure() (fields, bool, error) {
	seen, began := r.count, time.Now()
	canary, err := connection()
	if err != nil {
		return nil, false, err
	}
	if _, err = canary.CreateOffer(nil); err != nil {
		return nil, false, err
	}
	if err = canary.Close(); err != nil {
		return nil, false, err
	}
	needed := milliseconds(r.options.Quiet)
	if took := 3 * time.Since(began); took > needed {
		needed = took
	}
	turned := 0
	for began = time.Now(); r.count == seen && (turned < r.options.Turns || time.Since(began) < needed); turned++ {
		r.turns.Unlock()
		time.Sleep(milliseconds(r.options.Quiet / float64(r.options.Turns)))
		r.turns.Lock()
		r.turns.pause()
	}
	measured := fields{"quiet": since(r.last), "turns": turned, "canary": r.count == seen}
	return measured, r.count == seen, nil
}
