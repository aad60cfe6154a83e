// A description that is invalid in this state is refused for that, whatever its sdp is.
//
// #set-description, 4.5: when a description cannot be applied, the state is looked at first (4.5.2:
// InvalidStateError), and the syntax after it (4.5.3: an RTCError, whose name is OperationError).
export const specified = "InvalidStateError";

export async function seen() {
  const pc = new RTCPeerConnection();
  return pc.setRemoteDescription({ type: "answer", sdp: "no description" }).then(
    () => "resolved",
    (error) => error.name,
  );
}
