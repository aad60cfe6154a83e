package main

import (
	"strings"

	"github.com/pion/webrtc/v3"
)

// streamOf gives the stream of the item's track; "-" is none (RFC 8830).
func streamOf(each item) string {
	if len(each.Args.Streams) > 0 {
		return each.Args.Streams[0]
	}
	return "-"
}

// track gives the track of that name. It is made when it is first used, for that stream.
func (r *run) track(name, stream string) (webrtc.TrackLocal, error) {
	if known := r.tracks[name]; known != nil {
		return known, nil
	}
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	if strings.HasPrefix(name, "video:") {
		codec = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}
	}
	made, err := webrtc.NewTrackLocalStaticRTP(codec, name[strings.IndexByte(name, ':')+1:], stream)
	r.tracks[name] = made
	return made, err
}

// sendsNothingNamed tells whether this is a transceiver that sends, of which the program names the
// kind only. Pion would invent a track, and a stream for it, that the program did not ask for.
func sendsNothingNamed(each item) bool {
	kind, direction := each.Args.Kind, each.Args.Direction
	known := kind != nil && (*kind == "audio" || *kind == "video")
	return each.Call == "addTransceiver" && known && direction != "recvonly" && direction != "inactive"
}
