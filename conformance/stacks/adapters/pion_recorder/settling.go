package main

import (
	"math"
	"time"
)

func milliseconds(number float64) time.Duration {
	return time.Duration(number * float64(time.Millisecond))
}

// since gives the milliseconds since that moment, rounded to microseconds.
func since(moment time.Time) float64 {
	return math.Round(float64(time.Since(moment).Nanoseconds())/1000) / 1000
}

// quiet waits until it is quiet, and gives what was measured then.
func (r *run) quiet() (fields, error) {
	end := time.Now().Add(milliseconds(r.options.Patience))
	measured, enough, err := r.measure()
	for err == nil && !enough && time.Now().Before(end) {
		measured, enough, err = r.measure()
	}
	return measured, err
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
