// A server's URL that is none, or of another scheme, and a server without a URL are SyntaxErrors.
//
// #set-pc-configuration, steps 6.3 (no URL) and 6.4 (#validate-an-ice-server-url: another scheme).
package main

import "github.com/pion/webrtc/v3"

var _ = confirm("server-url-has-another-error", "SyntaxError, SyntaxError", func() string {
	pc := fresh()
	set := func(urls ...string) string {
		servers := []webrtc.ICEServer{{URLs: urls}}
		return outcome(pc.SetConfiguration(webrtc.Configuration{ICEServers: servers}))
	}
	return set("http://example.com") + ", " + set()
})
