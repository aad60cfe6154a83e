"""The words that mean something to whoever reads a dump: of the APIs, formats, stacks and errors.

What is not here is replaced. A word that is a person's or a place's has no business here.
"""

from __future__ import annotations

import re

from .stats_words import STATS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = """
a an and are as at be been by can cannot do does for from has have if in into is it may must no not
of on or that the this to was when which while with without before after because already been
true false null none undefined nan infinity yes unknown other new old first last only same different
audio video application data datachannel text media image
offer answer pranswer rollback stable have local remote closed connected connecting checking
completed complete disconnected failed gathering gatherings open closing ended live muted
sendrecv sendonly recvonly inactive stopped direction directions current setdirection
host srflx prflx relay udp tcp tls ssltcp active passive actpass so typ raddr rport tcptype
generation ufrag network cost id label mid sdpmid sdpmlineindex candidate foundation component
signaling signalingstate signalingstatechange onsignalingstatechange state states change changed
changing negotiation negotiationneeded onnegotiationneeded onrenegotiationneeded needed need
ice iceconnectionstate iceconnectionstatechange oniceconnectionstatechange icegatheringstate
icegatheringstatechange onicegatheringstatechange icecandidate onicecandidate
icecandidateerror onicecandidateerror connectionstate connectionstatechange
onconnectionstatechange gatheringstate peerconnection peer connection connections
track tracks ontrack stream streams addtrack removetrack replacetrack addtransceiver transceiver
transceivers transceiveradded transceivermodified transceiverremoved gettransceivers sender
receiver senders receivers caused currentdirection rid rids encodings kind type sdp init
addstream removestream onaddstream onremovestream addicecandidate addicecandidatefailed
createoffer createanswer setlocaldescription setremotedescription onsuccess onfailure success
failure setconfiguration createdatachannel createlocaldatachannel ondatachannel
onremotedatachannel close closes stop restartice getstats getusermedia getdisplaymedia mediadevices
navigator create constraints setparameters setstreams setcodecpreferences setdirection
setlocaldescriptiononsuccess setlocaldescriptiononfailure setremotedescriptiononsuccess
setremotedescriptiononfailure createofferonsuccess createofferonfailure createansweronsuccess
createansweronfailure addicecandidateonsuccess addicecandidateonfailure
getusermediaonsuccess getusermediaonfailure getdisplaymediaonsuccess getdisplaymediaonfailure
ondtlsstatechange dtlsstatechange setlocaldescriptionfailed identity connectioninfo
conferencestarttimestamp dominantspeaker onicecandidatefailed addconnection removeconnection
signalingstatestable signalingstatehavelocaloffer signalingstatehaveremoteoffer
signalingstatehavelocalpranswer signalingstatehaveremotepranswer signalingstateclosed
iceconnectionstatenew iceconnectionstatechecking iceconnectionstateconnected
iceconnectionstatecompleted iceconnectionstatefailed iceconnectionstatedisconnected
iceconnectionstateclosed icegatheringstatenew icegatheringstategathering icegatheringstatecomplete
invalidstateerror invalidaccesserror invalidmodificationerror operationerror typeerror rangeerror
notsupportederror syntaxerror notreadableerror aborterror notfounderror notallowederror
overconstrainederror rtcerror error errors exception domexception internal message name value
rtcpeerconnection rtcsessiondescription rtcicecandidate rtcrtptransceiver rtcrtpsender
rtcrtpreceiver mediastream mediastreamtrack rtcdatachannel webrtc rtc rtcp rtp srtp dtls sctp sdes
failed execute called wrong set setting parse parsing session description descriptions unable
applied apply because error sdp line lines section sections media m count match doesn t didn order
found find missing invalid expect expects expected unexpected extra required requires value values
number content contents bundle mux policy policies negotiate negotiated max compat balanced plan b
unified semantics order push down transport transports channel parameters parameter create created
creating returning incorrect correct attempting notify emitting process processed processing
refused accepted supported support supports implemented yet zero given provided set get add remove
added removed adding call calls method queue queued operation operations chain pending state
optional enable enabled disabled attempted tried try able match matches match
iceservers urls url username credential credentialtype icetransportpolicy icetransports
bundlepolicy rtcpmuxpolicy icecandidatepoolsize certificates sdpsemantics all public nohost
optional mandatory dtlssrtpkeyagreement icerestart offertoreceiveaudio offertoreceivevideo
voiceactivitydetection ordered protocol maxretransmits maxpacketlifetime maxretransmittime reliable
stun stuns turn turns http https ws wss localhost
stun1 transport udp tcp candidatetype relayprotocol
mozilla applewebkit khtml like gecko chrome chromium headlesschrome firefox safari version mobile
edge edg opr opera crios fxios webkit google brave brand not microsoft electron
windows nt win64 win32 wow64 x64 x86 x86_64 linux i686 macintosh intel mac os x ubuntu debian fedora
cros android iphone ipad ipod cpu wv u en us build tablet desktop aarch64 arm64 armv7l arm macos ios
chromeos x11 rv webview
negotiation trace page model stack recorder live import imported firefox aiortc werift pion
libdatachannel wrtc roamhq webrtcbin qtwebengine gstreamer internals about rtcstats
rtcstatsdump getstream peermetrics jitsi html json report program shim playwright
standard legacy safari webkit moz client
opus pcmu pcma g722 isac cn telephone event red ulpfec flexfec rtx vp8 vp9 av1 h264 h265 hevc
sha 1 256 384 512
udp lan wlan ethernet wifi cellular vpn loopback bluetooth
succeeded inprogress waiting frozen nominated controlling controlled
gst debug trace log info warn fixme gstwebrtcbin options application structure
webrtctransceiver transportstream webrtcnicestream rtpbin
checking if possible until caps received sink src pads pad
no local remote description
peer closed aborting execution ice gathering
pc uuid any another but could its more them they there their than some one nothing none what how
second further end ends begin begins given object array list text element function javascript
browser server client user agent input source header return throw resolve resolved reject rejected
idle mark send receive sent hung died leaked cut trouble constructed fulfilled holdconn updateice
asked ready paused playing unassociated nil progress prepared rejection promise event events fired
candidates mline mlines mlineindex idx index pane tab history heading tools raw savpf savp avp
uint dtlstransport icetransport sctptransport track1 mediasection association associated
vivaldi yandex yabrowser samsungbrowser edga qtwebengine headless
statistics peerconnections signalling failing because cause reset restart restarted duplicate
cname msid ssrc fingerprint certificate certificates certificate pem role roles controlled
channels negotiated reliable id sessiondescription modified non acceptable way samsung internet
unload beforeunload mute unmute readystate addtrackonsuccess addtransceiveronsuccess
setheaderextensionstonegotiate
"""

_NUMBERED = re.compile(r"(?:[tsmc]\d{1,4}|PC\d{0,5}|webrtcbin\d+|webrtctransceiver\d+|[A-Z])")
_NUMBERS = _listed("1000 2000 48000 44100 32000 16000 90000 8000 19302 3478 5349")


IDENTIFYING = _listed("""
    label username credential password credentials usernameFragment deviceId groupId userId
    sessionId displayName userName confName confID roomName room user name_ text note
    ice streamIdentifier stream_id trackIdentifier trackId identity email token sourceId
    callStatsID endpointId meetingUniqueId track streams msids audio_track_info video_track_info
    participant participantId conferenceId clientId statsId dataChannelLabel origin path url urls
    title
""")
"""Members whose texts are somebody's names, whatever words they are."""

TIMES = _listed("""
    time timestamp date startTime endTime createdAt created_at now remoteTimestamp
    lastPacketSentTimestamp lastPacketReceivedTimestamp
""")
AGENTS = frozenset(("userAgent", "UserAgent", "user_agent", "browserVersion", "ua"))
VERBATIM = frozenset(("program", "profile", "format", "clientProtocol", "statsFormat", "problem"))
"""Members that say how a file is to be read."""

MEMBERS = (
    _listed("""
    PeerConnections getUserMedia UserAgent UserAgentData updateLog stats rtcConfiguration
    constraints url pid rid origin time timestamp type value values startTime endTime request_id
    request_type audio video peerConnections fileFormat userAgent clientProtocol statsFormat
    brands brand version fullVersionList mobile platform architecture model platformVersion bitness
    reports sdpHistories pcid sdpHistory isLocal sdp errors lineNumber error closed offerer
    browserId     iceRestarts iceRollbacks callDurationMs configuration jsepSessionErrors
    kind n t peer task within state id method args call peers stack name recorder profile source
    clock resolution begins format date program seed note description candidate transceiver track
    streams direction label options init event signalingState transceivers descriptions
    currentLocal currentRemote pendingLocal pendingRemote mid currentDirection bubbles cancelable
    message quiet turns pending canary text trouble summary sections index protocol rejected
    bundle_only msids ice rids bundle problem sdpMid sdpMLineIndex usernameFragment
    eventName data connectionId delta peerId sender receiver encodings mutable track trackId reason
    transceiverIndex iceServers urls username credential credentialType iceTransportPolicy
    bundlePolicy rtcpMuxPolicy iceCandidatePoolSize sdpSemantics certificates
    ordered negotiated maxRetransmits maxPacketLifeTime iceRestart offerToReceiveAudio
    localDescription remoteDescription currentLocalDescription currentRemoteDescription
    pendingLocalDescription pendingRemoteDescription iceConnectionState iceGatheringState
    connectionState peerDetails peerConfiguration traceBufferOverflow senders receivers
    offerToReceiveVideo optional mandatory PC RTCPeerConnection P EVENTS
""")
    | STATS
    | TIMES
    | AGENTS
    | VERBATIM
)
"""Members of which the texts are known."""

NAMES = MEMBERS | IDENTIFYING
"""Names of members that are kept; others are replaced, too."""

WORDS = frozenset(_WORDS.split()) | frozenset(name.lower() for name in MEMBERS)


def is_of_the_field(word: str) -> bool:
    """Whether a word is kept, where a text is known."""
    return word.lower() in WORDS or word in _NUMBERS or _NUMBERED.fullmatch(word) is not None
