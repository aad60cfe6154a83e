package main

import (
	"bytes"
	"regexp"
	"runtime"
	"sync"
	"time"
)

// turns lets one goroutine at a time do what is recorded, as an application with one mutex does.
// Who has the turn may pause: it goes on when no goroutine has anything left to do, and after those
// that paused before it. So recordings repeat themselves.
type turns struct {
	sync.Mutex
	paused  chan chan struct{}
	longest time.Duration
}

func newTurns(longest time.Duration) *turns {
	t := &turns{paused: make(chan chan struct{}, 1000), longest: longest}
	go t.conduct()
	return t
}

// pause gives up the turn; to be called by who has it.
func (t *turns) pause() {
	ticket := make(chan struct{})
	t.paused <- ticket
	t.Unlock()
	<-ticket
	t.Lock()
}

// end ends the conductor.
func (t *turns) end() {
	close(t.paused)
}

func (t *turns) conduct() {
	for ticket := range t.paused {
		untilIdle(t.longest)
		close(ticket)
	}
}

// untilIdle waits until all other goroutines wait for something, at most that long.
func untilIdle(longest time.Duration) {
	for end := time.Now().Add(longest); time.Now().Before(end); {
		runtime.Gosched()
		if !othersGoOn() {
			return
		}
	}
}

var goingOn = regexp.MustCompile(`(?m)^goroutine \d+ \[(running|runnable|syscall)`)

var dump = make([]byte, 1<<16)

// othersGoOn tells whether a goroutine other than this one runs or can run.
func othersGoOn() bool {
	size := runtime.Stack(dump, true)
	for size == len(dump) {
		dump = make([]byte, 2*len(dump))
		size = runtime.Stack(dump, true)
	}
	// The first one in the dump is the one that asks.
	rest := bytes.IndexByte(dump[:size], '\n')
	return goingOn.Match(dump[rest:size])
}
