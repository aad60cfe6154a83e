// A transceiver gets its mid when a description is applied, and not when one is created.
//
// #set-description, step 4.6.11.2.9: [[Mid]] is set when the description that associates the transceiver
// is applied. No step of #dfn-final-steps-to-create-an-offer touches it.
package main

var _ = confirm("mid-by-create-offer", "no mid after CreateOffer", func() string {
	pc := fresh()
	transceiver := audio(pc)
	_, err := pc.CreateOffer(nil)
	must(err)
	if transceiver.Mid() == "" {
		return "no mid after CreateOffer"
	}
	return "a mid after CreateOffer"
})
