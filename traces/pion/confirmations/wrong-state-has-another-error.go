// A description that the signaling state does not allow is refused with an InvalidStateError.
//
// #set-description, step 4.6.2: "If the description's type is invalid for the current signaling state,
// reject p with a newly created InvalidStateError".
package main

var _ = confirm("wrong-state-has-another-error", "InvalidStateError", func() string {
	offerer, answerer := fresh(), fresh()
	audio(offerer)
	answer := answerOf(answerer, offerOf(offerer))
	must(offerer.SetRemoteDescription(answer))
	return outcome(offerer.SetRemoteDescription(answer))
})
