// close() stops the transceivers.
//
// #dfn-close-the-connection, step 4; #stop-the-rtcrtptransceiver sets [[Stopping]] and [[Stopped]]; the
// getter of direction then gives "stopped".
package main

var _ = confirm("close-makes-directions-inactive", "stopped", func() string {
	pc := fresh()
	transceiver := audio(pc)
	must(pc.Close())
	return transceiver.Direction().String()
})
