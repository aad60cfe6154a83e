package main

import (
	"fmt"
	"time"

	"github.com/pion/webrtc/v3"
)

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
	measured, err := r.quiet()
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
