package main

import (
	"encoding/json"
	"io"
)

// The program language, as far as an adapter meets it (docs/programs.md).

type fields map[string]interface{}

type order struct {
	Program program
	Options options
}

// options: Quiet and Patience are in milliseconds.
type options struct {
	Quiet    float64
	Turns    int
	Patience float64
}

type program struct {
	Peers    []string
	Steps    []step
	Handlers []handler
}

type step struct {
	Peer   string
	Do     []item
	Settle bool
}

type handler struct {
	Peer  string
	Event string
	Do    []item
	Times *int
}

type item struct {
	Call        string
	Args        arguments
	RawArgs     fields `json:"-"`
	Description *source
	Wait        bool
	As          string
	Send        string
	Receive     string
	Mark        string
	When        []string
	Set         string
	To          *[][]string
	End         bool
	Deliver     bool
	Collect     bool
}

// UnmarshalJSON keeps the arguments as they are told, too: a recording repeats them.
func (i *item) UnmarshalJSON(data []byte) error {
	type plain item
	if err := json.Unmarshal(data, (*plain)(i)); err != nil {
		return err
	}
	var raw struct{ Args fields }
	err := json.Unmarshal(data, &raw)
	i.RawArgs = raw.Args
	return err
}

type arguments struct {
	Kind          *string
	Transceiver   string
	Track         *string
	Streams       []string
	Direction     string
	Label         *string
	Options       map[string]bool
	Init          *channelInit
	Candidate     *candidate
	Configuration fields
}

type channelInit struct {
	ID                *uint16
	Negotiated        *bool
	MaxPacketLifeTime *uint16
	MaxRetransmits    *uint16
}

type candidate struct {
	Candidate        string
	SDPMid           *string
	SDPMLineIndex    *uint16
	UsernameFragment *string
}

type source struct {
	Type    string
	Result  string
	Of      []string
	Message string
	SDP     *string
	Edits   []edit
	Fit     []int
}

type edit struct {
	Reject    *int
	Direction []interface{}
	Remove    *int
	Unmux     *int
	Append    *string
}

// description: a type and a text, each nil if there is none.
type description struct {
	Type *string `json:"type,omitempty"`
	SDP  *string `json:"sdp,omitempty"`
}

type output struct {
	encoder *json.Encoder
}

func newOutput(file io.Writer) *output {
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	return &output{encoder}
}

func (o *output) send(message fields) {
	if err := o.encoder.Encode(message); err != nil {
		panic(err) // nobody listens any more
	}
}
