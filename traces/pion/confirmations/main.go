// Runs one of the confirmations in this folder, by name, in the plain stack, and prints what is
// specified and then what was seen. Each is a file of its own: `../../confirmations/README.md`.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/webrtc/v3"
)

type claim struct {
	specified string
	seen      func() string
}

var claims = map[string]claim{}

// confirm registers a confirmation: what is specified, and a function that tells what Pion does.
func confirm(name, specified string, seen func() string) struct{} {
	claims[name] = claim{specified, seen}
	return struct{}{}
}

func main() {
	one, there := claims[os.Args[1]]
	if !there {
		fmt.Fprintln(os.Stderr, "there is no confirmation", os.Args[1])
		os.Exit(2)
	}
	fmt.Println(one.specified)
	fmt.Println(one.seen())
}

// fresh gives a new connection that gathers no candidates, so that nothing leaves the machine.
func fresh() *webrtc.PeerConnection {
	media, engine := &webrtc.MediaEngine{}, webrtc.SettingEngine{}
	must(media.RegisterDefaultCodecs())
	engine.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(engine))
	pc, err := api.NewPeerConnection(webrtc.Configuration{ICETransportPolicy: webrtc.ICETransportPolicyRelay})
	must(err)
	return pc
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// audio adds a transceiver; its direction is sendrecv if none is given.
func audio(pc *webrtc.PeerConnection, direction ...webrtc.RTPTransceiverDirection) *webrtc.RTPTransceiver {
	init := []webrtc.RTPTransceiverInit{}
	for _, one := range direction {
		init = append(init, webrtc.RTPTransceiverInit{Direction: one})
	}
	transceiver, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, init...)
	must(err)
	return transceiver
}

func newTrack(id string) webrtc.TrackLocal {
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}
	track, err := webrtc.NewTrackLocalStaticRTP(opus, id, "stream")
	must(err)
	return track
}

// offerOf creates an offer and sets it.
func offerOf(pc *webrtc.PeerConnection) webrtc.SessionDescription {
	offer, err := pc.CreateOffer(nil)
	must(err)
	must(pc.SetLocalDescription(offer))
	return offer
}

// answerOf takes the offer, creates an answer and sets it.
func answerOf(pc *webrtc.PeerConnection, offer webrtc.SessionDescription) webrtc.SessionDescription {
	must(pc.SetRemoteDescription(offer))
	answer, err := pc.CreateAnswer(nil)
	must(err)
	must(pc.SetLocalDescription(answer))
	return answer
}

// outcome tells how a call ended, as the name of the error's type in the specification.
func outcome(err error) string {
	if err == nil {
		return "it succeeds"
	}
	name, _, named := strings.Cut(err.Error(), ": ")
	if !named || !strings.HasSuffix(name, "Error") {
		return "an error without a name"
	}
	return name
}

// aWhile is how long what never happens is waited for.
const aWhile = 500 * time.Millisecond
