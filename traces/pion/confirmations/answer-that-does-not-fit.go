// An answer with another number of m-sections than its offer is refused.
//
// #set-description, step 4.6.6: content that is not valid (jsep:5.8) is an InvalidAccessError; RFC 9429,
// 5.8.3: "The number of m= sections in the answer MUST exactly match" that in the offer.
package main

var _ = confirm("answer-that-does-not-fit", "InvalidAccessError, have-local-offer", func() string {
	offerer, answerer, larger := fresh(), fresh(), fresh()
	audio(offerer)
	audio(larger)
	audio(larger)
	offerOf(offerer)
	answer := answerOf(answerer, offerOf(larger))
	err := offerer.SetRemoteDescription(answer)
	return outcome(err) + ", " + offerer.SignalingState().String()
})
