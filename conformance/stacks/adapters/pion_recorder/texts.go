package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pion/webrtc/v3"
)

// Descriptions that a program means, and its edits to their texts: the same rules as edits.js has
// for pages, and programs/texts.py for the model. Sections are counted from 0.

var (
	directionLine = regexp.MustCompile(`^a=(sendrecv|sendonly|recvonly|inactive)\s*$`)
	mediaPort     = regexp.MustCompile(`^(m=\S+) [0-9]+`)
	setupLine     = regexp.MustCompile(`(?m)^a=setup:\w+`)
	roleLine      = regexp.MustCompile(`(?m)^a=setup:(active|passive)`)
)

// describe gives the description that a source means: type and text, each only if there is one.
func describe(p *peer, from *source, s *script) (description, error) {
	made, err := origin(p.run, from, s)
	if err != nil {
		return made, err
	}
	if from.Type != "" {
		made.Type = &from.Type
	}
	if made.SDP == nil {
		return made, nil
	}
	text, err := fitted(p.connection, from, *made.SDP)
	if err == nil {
		text, err = edited(text, from.Edits)
	}
	made.SDP = &text
	return made, err
}

func origin(r *run, from *source, s *script) (description, error) {
	switch {
	case from.Result != "":
		if result, there := r.results[from.Result]; there {
			return result, nil
		}
		return description{}, missing("nothing resolved as " + from.Result)
	case from.Message != "":
		return carried(r, from.Message, s)
	case len(from.Of) == 2:
		if read := attribute(r.peers[from.Of[0]], from.Of[1]); read != nil {
			return *read, nil
		}
		return description{}, missing(from.Of[0] + " has no " + from.Of[1])
	}
	return description{SDP: from.SDP}, nil
}

func carried(r *run, named string, s *script) (description, error) {
	name := named
	if named == "*" {
		name = s.message
	}
	found, sent := r.messages[name]
	if !sent {
		return description{}, missing(named + " was never sent")
	}
	if found == nil {
		return description{}, missing(named + " has no description")
	}
	return *found, nil
}

func attribute(p *peer, name string) *description {
	switch name {
	case "lastOffer":
		return p.lastOffer
	case "lastAnswer":
		return p.lastAnswer
	case "localDescription":
		return textOf(p.connection.LocalDescription())
	case "remoteDescription":
		return textOf(p.connection.RemoteDescription())
	case "currentLocalDescription":
		return textOf(p.connection.CurrentLocalDescription())
	case "currentRemoteDescription":
		return textOf(p.connection.CurrentRemoteDescription())
	case "pendingLocalDescription":
		return textOf(p.connection.PendingLocalDescription())
	}
	return textOf(p.connection.PendingRemoteDescription())
}

// fitted is an invented text with the mids and the DTLS role that there are.
func fitted(connection *webrtc.PeerConnection, from *source, text string) (string, error) {
	if len(from.Fit) == 0 {
		return text, nil
	}
	isAnswer := from.Type == "answer" || from.Type == "pranswer"
	known := connection.CurrentRemoteDescription()
	if isAnswer {
		known = connection.LocalDescription()
	}
	fitting, err := withMidsOf(text, sdpOf(known), from.Fit)
	if err != nil || !isAnswer {
		return fitting, err
	}
	ours, theirs := connection.CurrentRemoteDescription(), connection.CurrentLocalDescription()
	return withRole(fitting, sdpOf(ours), sdpOf(theirs)), nil
}

func textOf(read *webrtc.SessionDescription) *description {
	if read == nil {
		return nil
	}
	kind := read.Type.String()
	return &description{&kind, &read.SDP}
}

func sdpOf(read *webrtc.SessionDescription) string {
	if read == nil {
		return ""
	}
	return read.SDP
}

// blocksOf gives the lines of the session level, then those of each m-section.
func blocksOf(text string) [][]string {
	blocks := [][]string{{}}
	if text == "" {
		return blocks
	}
	for _, raw := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		line := strings.TrimSuffix(raw, "\r")
		if strings.HasPrefix(line, "m=") {
			blocks = append(blocks, nil)
		}
		blocks[len(blocks)-1] = append(blocks[len(blocks)-1], line)
	}
	return blocks
}

func joined(blocks [][]string) string {
	text := strings.Builder{}
	for _, block := range blocks {
		for _, line := range block {
			text.WriteString(line + "\r\n")
		}
	}
	return text.String()
}

func section(blocks [][]string, index int) (int, error) {
	if index >= 0 && index < len(blocks)-1 {
		return index + 1, nil
	}
	return 0, missing(fmt.Sprintf("an edit names m-section %d, and there are %d", index, len(blocks)-1))
}

// edited is the text after the edits; untouched, to the byte, when there are none.
func edited(text string, edits []edit) (string, error) {
	for _, each := range edits {
		blocks, err := applied(blocksOf(text), each)
		if err != nil {
			return text, err
		}
		text = joined(blocks)
	}
	return text, nil
}

// applied applies one edit, in the order of its fields.
func applied(blocks [][]string, each edit) ([][]string, error) {
	if each.Reject != nil {
		at, err := section(blocks, *each.Reject)
		if err != nil {
			return nil, err
		}
		blocks[at][0] = mediaPort.ReplaceAllString(blocks[at][0], "$1 0")
	}
	if len(each.Direction) == 2 {
		index, direction := each.Direction[0].(float64), each.Direction[1].(string)
		at, err := section(blocks, int(index))
		if err != nil {
			return nil, err
		}
		blocks[at] = redirected(blocks[at], direction)
	}
	if each.Remove != nil {
		at, err := section(blocks, *each.Remove)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks[:at], blocks[at+1:]...)
	}
	if each.Unmux != nil {
		at, err := section(blocks, *each.Unmux)
		if err != nil {
			return nil, err
		}
		blocks[at] = without(blocks[at], func(line string) bool { return strings.TrimRight(line, " ") == "a=rtcp-mux" })
	}
	if each.Append != nil {
		last := len(blocks) - 1
		blocks[last] = append(blocks[last], *each.Append)
	}
	return blocks, nil
}

func without(lines []string, drops func(string) bool) []string {
	kept := []string{}
	for _, line := range lines {
		if !drops(line) {
			kept = append(kept, line)
		}
	}
	return kept
}

// redirected has the new direction where the old one stood, or at the section's end.
func redirected(lines []string, direction string) []string {
	at := len(lines)
	for index, line := range lines {
		if directionLine.MatchString(line) {
			at = index
			break
		}
	}
	others := without(lines, directionLine.MatchString)
	if at > len(others) {
		at = len(others)
	}
	changed := append([]string{}, others[:at]...)
	return append(append(changed, "a="+direction), others[at:]...)
}

func midOf(lines []string) (string, int) {
	for index, line := range lines {
		if strings.HasPrefix(line, "a=mid:") {
			return strings.TrimRight(line[len("a=mid:"):], " "), index
		}
	}
	return "", -1
}

// withMidsOf is the text with the mids that another text has for the sections with these indices.
func withMidsOf(text, other string, indices []int) (string, error) {
	blocks, known := blocksOf(text), blocksOf(other)[1:]
	names := map[string]string{}
	for _, index := range indices {
		if index >= len(known) {
			continue
		}
		mid, found := midOf(known[index])
		if found < 0 {
			continue
		}
		at, err := section(blocks, index)
		if err != nil {
			return text, err
		}
		old, place := midOf(blocks[at])
		names[old] = mid
		blocks[at][place] = "a=mid:" + mid
	}
	for index, line := range blocks[0] {
		if strings.HasPrefix(line, "a=group:BUNDLE") {
			blocks[0][index] = regrouped(line, names)
		}
	}
	return joined(blocks), nil
}

func regrouped(line string, names map[string]string) string {
	mids := strings.Split(line, " ")
	for index, mid := range mids {
		if name, renamed := names[mid]; renamed && index > 0 {
			mids[index] = name
		}
	}
	return strings.Join(mids, " ")
}

// withRole is the answer with the DTLS role that its end has taken before; both texts may be empty.
func withRole(text, ours, theirs string) string {
	isActive := false
	if taken := roleLine.FindStringSubmatch(ours); taken != nil {
		isActive = taken[1] == "active"
	} else if other := roleLine.FindStringSubmatch(theirs); other != nil {
		isActive = other[1] == "passive"
	} else {
		return text
	}
	role := "passive"
	if isActive {
		role = "active"
	}
	return setupLine.ReplaceAllString(text, "a=setup:"+role)
}
