// The part of RTCPeerConnection that a minimal adapter needs, of no stack at all.
class RTCPeerConnection extends EventTarget {
  constructor() {
    super();
    this.signalingState = "stable";
    this.onsignalingstatechange = null;
  }

  become(state) {
    this.signalingState = state;
    queueMicrotask(() => this.onsignalingstatechange?.({type: "signalingstatechange"}));
  }

  addTransceiver(kind) {
    if (kind !== "audio" && kind !== "video") throw new TypeError(`${kind} is no kind`);
  }

  createDataChannel() {}

  async createOffer() {
    return {type: "offer", sdp: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"};
  }

  async createAnswer() {
    if (this.signalingState !== "have-remote-offer") throw new DOMException("", "InvalidStateError");
    return {...(await this.createOffer()), type: "answer"};
  }

  async setLocalDescription(description) {
    const isAnswer = this.signalingState === "have-remote-offer";
    this.localDescription = description ?? {...(await this.createOffer()), type: isAnswer ? "answer" : "offer"};
    this.become(isAnswer ? "stable" : "have-local-offer");
  }

  async setRemoteDescription({type}) {
    this.become(type === "offer" ? "have-remote-offer" : "stable");
  }

  close() {
    this.signalingState = "closed";
  }
}

module.exports = {RTCPeerConnection};
