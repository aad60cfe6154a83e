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
	made, err := webrtc.NewTrackLocalStaticRTP(codec, strings.ReplaceAll(name, ":", "-"), stream)
	r.tracks[name] = made
	return made, err
}
