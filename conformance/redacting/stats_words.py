"""Names of statistics: of webrtc-stats, and of what browsers had before."""

from __future__ import annotations

_NAMES = """
    RTCAudioSource RTCCertificate RTCCodec RTCDataChannel RTCIceCandidate RTCIceCandidatePair
    RTCInboundRTPAudioStream RTCInboundRTPVideoStream RTCMediaStream RTCMediaStreamTrack
    RTCOutboundRTPAudioStream RTCOutboundRTPVideoStream RTCPeerConnection
    RTCRemoteInboundRtpAudioStream RTCRemoteInboundRtpVideoStream
    RTCRemoteOutboundRtpAudioStream RTCRemoteOutboundRtpVideoStream RTCTransport RTCVideoSource
    active address associateStatsId audioInputLevel audioLevel audioOutputLevel
    availableIncomingBitrate availableOutgoingBitrate averageRtcpInterval bandwidthEstimations
    base64Certificate bitrateMean bitrateStdDev burstDiscardCount bweforvideo
    bytesDiscardedOnSend bytesPerSecond bytesReceived bytesSent candidate-pair candidateType
    candidatepair certificate certificatesProvided channels circuitBreakerTriggerCount clockRate
    codec codecId codecImplementationName codecStats codecType component componentId
    concealedSamples concealmentEvents consentRequestsSent contributorSsrc
    corruptionMeasurements currentRoundTripTime dataChannelIdentifier dataChannelStats
    dataChannelsClosed dataChannelsOpened datachannelid decoderImplementation detached
    discardedPackets droppedFrames dtlsCipher dtlsRole dtlsState echoReturnLoss
    echoReturnLossEnhancement encoderImplementation ended errorCode estimatedPlayoutTimestamp
    fecBytesReceived fecPacketsDiscarded fecPacketsReceived fecSsrc fingerprint
    fingerprintAlgorithm firCount foundation fractionLost frameHeight frameRate frameWidth
    framerateMean framerateStdDev frames framesAssembledFromMultiplePackets framesDecoded
    framesDropped framesEncoded framesPerSecond framesReceived framesRendered framesSent
    freezeCount googAccelerateRate googActiveConnection googActualEncBitrate
    googAdaptationChanges googAvailableReceiveBandwidth googAvailableSendBandwidth
    googAvgEncodeMs googBandwidthLimitedResolution googBucketDelay googCandidatePair
    googCaptureStartNtpTimeMs googCertificate googChannelId googCodecName googComponent
    googContentType googCpuLimitedResolution googCurrentDelayMs googDecodeMs googDecodingCNG
    googDecodingCTN googDecodingCTSG googDecodingMuted googDecodingNormal googDecodingPLC
    googDecodingPLCCNG googDerBase64 googEchoCancellationEchoDelayMedian
    googEchoCancellationEchoDelayStdDev googEchoCancellationQualityMin
    googEchoCancellationReturnLoss googEchoCancellationReturnLossEnhancement
    googEncodeUsagePercent googExpandRate googFingerprint googFingerprintAlgorithm
    googFirsReceived googFirsSent googFrameHeightInput googFrameHeightReceived
    googFrameHeightSent googFrameRateDecoded googFrameRateInput googFrameRateOutput
    googFrameRateReceived googFrameRateSent googFrameWidthInput googFrameWidthReceived
    googFrameWidthSent googHasEnteredLowResolution googInitiator googInterframeDelayMax
    googJitterBufferMs googJitterReceived googLibjingleSession googLocalAddress
    googLocalCandidateType googMaxDecodeMs googMinPlayoutDelayMs googNacksReceived googNacksSent
    googPlisReceived googPlisSent googPreemptiveExpandRate googPreferredJitterBufferMs
    googReadable googRemoteAddress googRemoteCandidateType googRenderDelayMs
    googRetransmitBitrate googRtt googSecondaryDecodedRate googSecondaryDiscardedRate
    googSpeechExpandRate googTargetDelayMs googTargetEncBitrate googTrack googTrackId
    googTransmitBitrate googTransportType googTypingNoiseState googViewLimitedResolution
    googWritable headerBytesReceived headerBytesSent height hugeFramesSent iceCandidatePairStats
    iceCandidateStats iceLocalUsernameFragment iceRole iceState inbound inboundRtpStreamStats
    insertedSamplesForDeceleration ip ipAddress isRemote issuerCertificateId jitter
    jitterBufferDelay jitterBufferEmittedCount jitterBufferFlushes jitterBufferMinimumDelay
    jitterBufferTargetDelay keyFramesDecoded keyFramesEncoded keyFramesReceived
    lastPacketReceivedTimestamp lastPacketSentTimestamp local-candidate localAddress
    localCandidateId localCertificateId localId localcandidate maxPaddingBps media-playout
    media-source mediaSourceId mediaSourceStats mediaTrackId mediaType messagesReceived
    messagesSent mimeType nackCount networkAdapterType networkType nominated outbound
    outboundRtpStreamStats pacerDelayMs packetsDiscarded packetsDiscardedOnSend packetsLost
    packetsReceived packetsSent pauseCount payloadType peer-connection peerConnectionStats
    peerIdentityProvided playoutId pliCount port portNumber powerEfficientDecoder
    powerEfficientEncoder priority proxied psnrMeasurements psnrSum qpSum
    qualityLimitationDurations qualityLimitationReason qualityLimitationResolutionChanges
    rawLocalCandidates rawRemoteCandidates readable readyState receiveBandwidthBps recv
    relatedAddress relatedPort relayProtocol remote-candidate remoteAddress remoteCandidateId
    remoteCertificateId remoteId remoteInboundRtpStreamStats remoteOutboundRtpStreamStats
    remoteSource remoteTimestamp remotecandidate removedSamplesForAcceleration reportsReceived
    reportsSent requestsReceived requestsSent responsesReceived responsesSent
    retransmittedBytesReceived retransmittedBytesSent retransmittedPacketsReceived
    retransmittedPacketsSent roundTripTime roundTripTimeMeasurements rtcpTransportStatsId
    rtpContributingSourceStats rtt rttMs rtxSsrc scalabilityMode sctpAssociationId sdpFmtpLine
    selected selectedCandidatePairChanges selectedCandidatePairId send sendBandwidthBps
    silentConcealedSamples sliCount srtpCipher ssrc ssrcIds statsId streamIdentifier
    stunKeepaliveRequestsSent stunKeepaliveResponsesReceived stunKeepaliveRttSquaredTotal
    stunKeepaliveRttTotal synthesizedSamplesDuration synthesizedSamplesEvents targetBitrate
    tcpType tlsVersion totalAssemblyTime totalAudioEnergy totalCaptureDelay
    totalCorruptionProbability totalDecodeTime totalEncodeTime totalEncodedBytesTarget
    totalFreezesDuration totalInterFrameDelay totalPacketSendDelay totalPausesDuration
    totalPlayoutDelay totalProcessingDelay totalRoundTripTime totalSamplesCount
    totalSamplesDuration totalSamplesReceived totalSquaredInterFrameDelay trackIdentifier
    trackIds transport transportId transportStats trickledIceCandidateStats unfrozen url
    usernameFragment videoFrameHistories videoSourceStats vpn width writable
"""
STATS = frozenset(_NAMES.split())
