// The smallest adapter in Go: the recorder protocol around a stack that can do nothing but close().
// Try it: go build -o minimal docs/adapters/minimal.go, and write an order to its standard input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type fields map[string]interface{}

type order struct {
	Program struct {
		Peers []string
		Steps []struct {
			Peer   string
			Do     []struct{ Call string }
			Settle bool
		}
	}
}

var out = json.NewEncoder(os.Stdout)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println("nothing 1.0")
		return
	}
	out.Encode(fields{"kind": "hello", "agent": "nothing 1.0"})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20) // an order is one line
	for lines.Scan() {
		var one order
		json.Unmarshal(lines.Bytes(), &one)
		if missing := unsupported(one); len(missing) > 0 {
			out.Encode(fields{"kind": "unsupported", "what": missing})
			continue
		}
		out.Encode(fields{"kind": "began"})
		run(one)
		out.Encode(fields{"kind": "ended"})
	}
}

func unsupported(one order) (missing []string) {
	for _, step := range one.Program.Steps {
		for _, item := range step.Do {
			if item.Call != "close" {
				missing = append(missing, item.Call)
			}
		}
	}
	return missing
}

func run(one order) {
	began, count, state := time.Now(), 0, map[string]string{} // the stack: put yours here
	for _, peer := range one.Program.Peers {
		state[peer] = "stable"
	}
	observed := func(kind, peer string, told fields) {
		count++
		told["kind"], told["n"], told["peer"] = kind, count, peer
		told["t"] = float64(time.Since(began).Microseconds()) / 1000
		out.Encode(told)
	}
	for _, step := range one.Program.Steps {
		for range step.Do {
			observed("call", step.Peer, fields{"id": count, "method": "close"})
			state[step.Peer] = "closed"
			seen := fields{"signalingState": state[step.Peer]} // read at once
			observed("return", step.Peer, fields{"call": count - 1, "state": seen})
		}
		if step.Settle {
			time.Sleep(30 * time.Millisecond) // a real stack: until it is quiet, and measured
			for _, peer := range one.Program.Peers {
				observed("idle", peer, fields{"quiet": 30})
			}
		}
	}
}
