// A recorder for Pion: it does what recorder.js does in a page, with Go's means.
//
// It speaks the recorder protocol (stacks/wire.py) over standard input and output. The words of
// JavaScript mean this here:
//
//   - A call that returns a promise in JavaScript blocks in Go. It is recorded as `call` and, when it
//     has returned, `return` and `resolve` or `reject` (what the error says). The `return` has no
//     state: nobody could read between the making of the promise and its settlement. So every
//     promise of a program is awaited, whether it says `wait` or not.
//   - Handlers are callbacks that Pion runs on goroutines of its own. What is recorded is in one
//     mutex, as in an application with one (turns.go). A call holds it until it has returned, then
//     the callbacks that it caused are recorded, then its settlement, when no goroutine has anything
//     to do any more: there the script goes on. Handlers' scripts run in the callbacks, to their end.
//   - There are no tasks: `task` and `within` are never told, and after every call the script waits
//     until no goroutine has anything to do. What would come of not waiting is chance.
//   - What Pion calls OnTrack comes with the first packet of media, not with a description: no event
//     of the specification. It is not recorded, and a program with such a handler is unsupported.
//   - Peer connections have the ICE transport policy "relay" and no servers. They never connect, and
//     recordings hold no addresses. Pion holds back every negotiationneeded after the first remote
//     description until ICE and DTLS are connected (its operations queue waits in startTransports).
//   - Pion has no SetLocalDescription without an argument. Where a program calls it so, the recorder
//     does, and records, what its applications do: CreateAnswer in have-remote-offer and
//     have-local-pranswer, CreateOffer else; then SetLocalDescription. A mark says so.
//   - A track of Pion belongs to one stream from its beginning. It is made for the stream that the
//     program gives with it, and with the stream id "-" where it gives none. What sends has a track
//     in Pion: AddTransceiverFromKind invents one, in a stream that nobody named. So the recorder
//     gives AddTransceiverFromTrack a track where a program names a kind only, and records that.
//   - A panic ends the recorder: the stack died.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// pionVersion is told by whoever builds where there are no modules to ask.
var pionVersion = ""

const longestLine = 4 << 20

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println(agent())
		return
	}
	// Of goroutines that can go on Go's scheduler picks by chance where there are more processors.
	runtime.GOMAXPROCS(1)
	out := newOutput(os.Stdout)
	out.send(fields{"kind": "hello", "agent": agent(), "configuration": configuration})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var order order
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			out.send(fields{"kind": "failed", "error": err.Error()})
			continue
		}
		obey(order, out)
	}
}

func agent() string {
	return "pion " + version()
}

func version() string {
	if pionVersion != "" {
		return pionVersion
	}
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/pion/webrtc/v3" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "of unknown version"
}

func obey(order order, out *output) {
	if missing := unsupported(order.Program); len(missing) > 0 {
		out.send(fields{"kind": "unsupported", "what": missing})
		return
	}
	run, err := newRun(order, out)
	if err != nil {
		out.send(fields{"kind": "failed", "error": err.Error()})
		return
	}
	// A stream of Pion is no more than its id, and a program chooses that.
	out.send(fields{"kind": "began"})
	if err = run.all(); err != nil {
		out.send(fields{"kind": "failed", "error": err.Error()})
		return
	}
	out.send(fields{"kind": "ended"})
}
