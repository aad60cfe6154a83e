// A sender takes no track of another kind.
//
// #dom-rtcrtpsender-replacetrack, step 5: "If withTrack is non-null and withTrack.kind differs from the
// transceiver kind of transceiver, return a promise rejected with a newly created TypeError".
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("replace-track-error-without-a-name", "TypeError", func() string {
	video, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "track", "stream",
	)
	must(err)
	return outcome(audio(fresh()).Sender().ReplaceTrack(video))
})
