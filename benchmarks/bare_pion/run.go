package main

import (
	"time"

	"github.com/pion/webrtc/v3"
)

// run is a running program. `last` tells when something was last done or told, for the waits.
type run struct {
	turns             *turns
	options           options
	last              time.Time
	count             int
	waited            time.Duration
	made              map[string]int
	calls             int
	over              bool
	namesTransceivers bool
	peers             map[string]*peer
	tracks            map[string]webrtc.TrackLocal
	results           map[string]description
	messages          map[string]*description
	sent              []sent
}

type sent struct {
	by      *peer
	message string
}

func newRun(order order, namesTransceivers bool) (*run, error) {
	r := &run{
		turns:             newTurns(milliseconds(order.Options.Patience)),
		options:           order.Options,
		last:              time.Now(),
		made:              map[string]int{"calls": 0, "thrown": 0, "fulfilled": 0, "rejected": 0},
		namesTransceivers: namesTransceivers,
		peers:             map[string]*peer{},
		tracks:            map[string]webrtc.TrackLocal{},
		results:           map[string]description{},
		messages:          map[string]*description{},
	}
	for _, name := range order.Program.Peers {
		made, err := newPeer(r, name, order.Program.Handlers)
		if err != nil {
			return nil, err
		}
		r.peers[name] = made
	}
	return r, nil
}

// all runs a program; it gives what was done, and how long it took but for the waits.
func all(order order, namesTransceivers bool) (fields, error) {
	began := time.Now()
	r, err := newRun(order, namesTransceivers)
	if err != nil {
		return nil, err
	}
	if err := r.steps(order.Program.Steps); err != nil {
		return nil, err
	}
	told := fields{"seconds": (time.Since(began) - r.waited).Seconds()}
	for what, count := range r.made {
		told[what] = count
	}
	return told, nil
}

func (r *run) steps(steps []step) error {
	r.turns.Lock()
	defer r.turns.Unlock()
	defer r.turns.end()
	for _, each := range steps {
		r.turns.pause()
		if !each.Settle {
			perform(r.peers[each.Peer], each.Do, &script{})
			continue
		}
		if _, err := r.quiet(); err != nil {
			return err
		}
		r.waited += time.Since(r.last)
		r.last = time.Now()
	}
	r.over = true
	for _, each := range r.peers {
		if err := each.connection.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) did(what string) {
	if r.over {
		return
	}
	r.made[what]++
	r.count++
	r.last = time.Now()
}
