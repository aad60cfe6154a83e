// The bare script of Pion: makes the calls of programs, and observes nothing.
//
// It takes the place of the recorder's files of these names (main, peer, run, scripts). How a
// connection is made (connections.go) and a call is made (calls.go), the tracks, the edits and the
// waits for quiet (settling.go) are the recorder's. So are the pauses before and after a call
// (turns.go), in which Pion's goroutines go on until they wait for something: what is done next
// depends on them, and a recording does not tell how long they were. They count on both sides. Of
// events the time is noted: waits begin after the last.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"strings"
)

const longestLine = 4 << 20

func main() {
	runtime.GOMAXPROCS(1) // as the recorder
	out := newOutput(os.Stdout)
	out.send(fields{"agent": "pion"})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		told, err := done(lines.Text())
		if err != nil {
			told = fields{"failed": err.Error()}
		}
		out.send(told)
	}
}

func done(line string) (fields, error) {
	var order order
	if err := json.Unmarshal([]byte(line), &order); err != nil {
		return nil, err
	}
	return all(order, strings.Contains(line, `"transceiver":`))
}
