package dev.linnet.kernel.mib;

/// More counters of TCP (`LINUX_MIB_…`): the line `TcpExt` of `/proc/net/netstat`, in its order.
public enum TcpExt implements Mib {
    SYNCOOKIESSENT(MibGroup.TCP_EXT, "SyncookiesSent", "SYN-ACKs sent with a SYN cookie"),
    SYNCOOKIESRECV(MibGroup.TCP_EXT, "SyncookiesRecv", "Valid SYN cookies received"),
    SYNCOOKIESFAILED(
            MibGroup.TCP_EXT,
            "SyncookiesFailed",
            "ACKs to a listener that carried no valid cookie"),
    EMBRYONICRSTS(MibGroup.TCP_EXT, "EmbryonicRsts", "Resets received for connections in SYN-RECV"),
    PRUNECALLED(
            MibGroup.TCP_EXT,
            "PruneCalled",
            "Receive queues cleaned up because the receive buffer was full"),
    RCVPRUNED(
            MibGroup.TCP_EXT,
            "RcvPruned",
            "Segments dropped because cleaning up the receive queue did not help"),
    OFOPRUNED(
            MibGroup.TCP_EXT,
            "OfoPruned",
            "Segments dropped from out-of-order queues for want of room"),
    OUTOFWINDOWICMPS(
            MibGroup.TCP_EXT,
            "OutOfWindowIcmps",
            "ICMP errors dropped because their sequence number was outside the window"),
    LOCKDROPPEDICMPS(
            MibGroup.TCP_EXT,
            "LockDroppedIcmps",
            "ICMP errors dropped because the sock was in use"),
    ARPFILTER(
            MibGroup.TCP_EXT,
            "ArpFilter",
            "ARP requests that the sysctl arp_filter left unanswered"),
    TIMEWAITED(MibGroup.TCP_EXT, "TW", "Connections that left TIME-WAIT by the timer"),
    TIMEWAITRECYCLED(
            MibGroup.TCP_EXT,
            "TWRecycled",
            "Connections in TIME-WAIT reused for a new one with timestamps"),
    TIMEWAITKILLED(MibGroup.TCP_EXT, "TWKilled", "Connections that left TIME-WAIT early"),
    PAWSACTIVEREJECTED(
            MibGroup.TCP_EXT, "PAWSActive", "SYN-ACKs refused because of their timestamp"),
    PAWSESTABREJECTED(
            MibGroup.TCP_EXT,
            "PAWSEstab",
            "Segments of open connections refused because of their timestamp"),
    BEYOND_WINDOW(MibGroup.TCP_EXT, "BeyondWindow", "Segments whose data lies beyond the window"),
    TSECRREJECTED(
            MibGroup.TCP_EXT,
            "TSEcrRejected",
            "Segments refused because they echo a timestamp that was never sent"),
    PAWS_OLD_ACK(MibGroup.TCP_EXT, "PAWSOldAck", "Old pure ACKs, recognised by their timestamp"),
    PAWS_TW_REJECTED(
            MibGroup.TCP_EXT,
            "PAWSTimewait",
            "Segments for TIME-WAIT refused because of their timestamp"),
    DELAYEDACKS(MibGroup.TCP_EXT, "DelayedACKs", "Delayed ACKs sent by the timer"),
    DELAYEDACKLOCKED(
            MibGroup.TCP_EXT,
            "DelayedACKLocked",
            "Delayed ACKs put off because the sock was in use"),
    DELAYEDACKLOST(
            MibGroup.TCP_EXT,
            "DelayedACKLost",
            "Duplicates received, so the ACK before was too late or lost"),
    LISTENOVERFLOWS(
            MibGroup.TCP_EXT,
            "ListenOverflows",
            "Connections dropped because the accept queue was full"),
    LISTENDROPS(
            MibGroup.TCP_EXT, "ListenDrops", "Connections dropped by a listener for any reason"),
    TCPHPHITS(MibGroup.TCP_EXT, "TCPHPHits", "Data segments taken on the fast path"),
    TCPPUREACKS(MibGroup.TCP_EXT, "TCPPureAcks", "ACKs without data on the slow path"),
    TCPHPACKS(MibGroup.TCP_EXT, "TCPHPAcks", "ACKs without data on the fast path"),
    TCPRENORECOVERY(MibGroup.TCP_EXT, "TCPRenoRecovery", "Fast recoveries without SACK"),
    TCPSACKRECOVERY(MibGroup.TCP_EXT, "TCPSackRecovery", "Fast recoveries with SACK"),
    TCPSACKRENEGING(
            MibGroup.TCP_EXT, "TCPSACKReneging", "The peer took back selective acknowledgements"),
    TCPSACKREORDER(MibGroup.TCP_EXT, "TCPSACKReorder", "Reorderings noticed through SACK"),
    TCPRENOREORDER(
            MibGroup.TCP_EXT, "TCPRenoReorder", "Reorderings noticed through duplicate ACKs"),
    TCPTSREORDER(MibGroup.TCP_EXT, "TCPTSReorder", "Reorderings noticed through timestamps"),
    TCPFULLUNDO(MibGroup.TCP_EXT, "TCPFullUndo", "Window reductions undone completely"),
    TCPPARTIALUNDO(
            MibGroup.TCP_EXT, "TCPPartialUndo", "Window reductions undone after a partial ACK"),
    TCPDSACKUNDO(
            MibGroup.TCP_EXT,
            "TCPDSACKUndo",
            "Window reductions undone because of duplicate reports"),
    TCPLOSSUNDO(MibGroup.TCP_EXT, "TCPLossUndo", "Timeouts found to be needless and undone"),
    TCPLOSTRETRANSMIT(
            MibGroup.TCP_EXT, "TCPLostRetransmit", "Retransmissions that were lost themselves"),
    TCPRENOFAILURES(
            MibGroup.TCP_EXT, "TCPRenoFailures", "Timeouts during fast recovery without SACK"),
    TCPSACKFAILURES(MibGroup.TCP_EXT, "TCPSackFailures", "Timeouts during fast recovery with SACK"),
    TCPLOSSFAILURES(MibGroup.TCP_EXT, "TCPLossFailures", "Timeouts during recovery from a timeout"),
    TCPFASTRETRANS(MibGroup.TCP_EXT, "TCPFastRetrans", "Segments sent again in fast recovery"),
    TCPSLOWSTARTRETRANS(
            MibGroup.TCP_EXT, "TCPSlowStartRetrans", "Segments sent again after a timeout"),
    TCPTIMEOUTS(MibGroup.TCP_EXT, "TCPTimeouts", "Retransmission timeouts"),
    TCPLOSSPROBES(MibGroup.TCP_EXT, "TCPLossProbes", "Tail loss probes sent"),
    TCPLOSSPROBERECOVERY(
            MibGroup.TCP_EXT, "TCPLossProbeRecovery", "Losses repaired by a tail loss probe"),
    TCPRENORECOVERYFAIL(
            MibGroup.TCP_EXT,
            "TCPRenoRecoveryFail",
            "Fast recoveries without SACK that ended in a timeout"),
    TCPSACKRECOVERYFAIL(
            MibGroup.TCP_EXT,
            "TCPSackRecoveryFail",
            "Fast recoveries with SACK that ended in a timeout"),
    TCPRCVCOLLAPSED(
            MibGroup.TCP_EXT,
            "TCPRcvCollapsed",
            "Segments merged to save memory in the receive queue"),
    TCPBACKLOGCOALESCE(MibGroup.TCP_EXT, "TCPBacklogCoalesce", "Segments merged in the backlog"),
    TCPDSACKOLDSENT(
            MibGroup.TCP_EXT, "TCPDSACKOldSent", "Duplicates reported to the peer for old data"),
    TCPDSACKOFOSENT(
            MibGroup.TCP_EXT,
            "TCPDSACKOfoSent",
            "Duplicates reported to the peer for out-of-order data"),
    TCPDSACKRECV(MibGroup.TCP_EXT, "TCPDSACKRecv", "Reports of old duplicates received"),
    TCPDSACKOFORECV(
            MibGroup.TCP_EXT, "TCPDSACKOfoRecv", "Reports of out-of-order duplicates received"),
    TCPABORTONDATA(
            MibGroup.TCP_EXT, "TCPAbortOnData", "Connections reset because data came after close"),
    TCPABORTONCLOSE(
            MibGroup.TCP_EXT,
            "TCPAbortOnClose",
            "Connections reset because unread data was left at close"),
    TCPABORTONMEMORY(
            MibGroup.TCP_EXT,
            "TCPAbortOnMemory",
            "Connections reset because there were too many orphans or too little memory"),
    TCPABORTONTIMEOUT(
            MibGroup.TCP_EXT,
            "TCPAbortOnTimeout",
            "Connections ended because retransmissions were not answered"),
    TCPABORTONLINGER(
            MibGroup.TCP_EXT,
            "TCPAbortOnLinger",
            "Orphans ended because they must not wait in FIN-WAIT-2"),
    TCPABORTFAILED(MibGroup.TCP_EXT, "TCPAbortFailed", "Resets that could not be sent"),
    TCPMEMORYPRESSURES(
            MibGroup.TCP_EXT, "TCPMemoryPressures", "Times that TCP's memory became scarce"),
    TCPMEMORYPRESSURESCHRONO(
            MibGroup.TCP_EXT, "TCPMemoryPressuresChrono", "Milliseconds with scarce memory"),
    TCPSACKDISCARD(MibGroup.TCP_EXT, "TCPSACKDiscard", "SACK blocks that made no sense"),
    TCPDSACKIGNOREDOLD(
            MibGroup.TCP_EXT,
            "TCPDSACKIgnoredOld",
            "Duplicate reports ignored, with undo possible"),
    TCPDSACKIGNOREDNOUNDO(
            MibGroup.TCP_EXT,
            "TCPDSACKIgnoredNoUndo",
            "Duplicate reports ignored, nothing to undo"),
    TCPSPURIOUSRTOS(
            MibGroup.TCP_EXT, "TCPSpuriousRTOs", "Timeouts that F-RTO found to be needless"),
    TCPMD5NOTFOUND(
            MibGroup.TCP_EXT,
            "TCPMD5NotFound",
            "Segments without an MD5 signature where one was expected"),
    TCPMD5UNEXPECTED(
            MibGroup.TCP_EXT,
            "TCPMD5Unexpected",
            "Segments with an MD5 signature where none was expected"),
    TCPMD5FAILURE(MibGroup.TCP_EXT, "TCPMD5Failure", "Segments with a wrong MD5 signature"),
    SACKSHIFTED(
            MibGroup.TCP_EXT,
            "TCPSackShifted",
            "Parts of segments moved to a neighbour when acknowledged selectively"),
    SACKMERGED(MibGroup.TCP_EXT, "TCPSackMerged", "Segments merged when acknowledged selectively"),
    SACKSHIFTFALLBACK(
            MibGroup.TCP_EXT,
            "TCPSackShiftFallback",
            "Segments that could not be merged when acknowledged selectively"),
    TCPBACKLOGDROP(
            MibGroup.TCP_EXT, "TCPBacklogDrop", "Segments dropped because the backlog was full"),
    PFMEMALLOCDROP(
            MibGroup.TCP_EXT,
            "PFMemallocDrop",
            "Packets dropped because they used emergency memory"),
    TCPMINTTLDROP(MibGroup.TCP_EXT, "TCPMinTTLDrop", "Segments dropped because of IP_MINTTL"),
    TCPDEFERACCEPTDROP(
            MibGroup.TCP_EXT,
            "TCPDeferAcceptDrop",
            "ACKs without data dropped because of TCP_DEFER_ACCEPT"),
    IPRPFILTER(
            MibGroup.TCP_EXT,
            "IPReversePathFilter",
            "Packets dropped because no route leads back to their source"),
    TCPTIMEWAITOVERFLOW(
            MibGroup.TCP_EXT,
            "TCPTimeWaitOverflow",
            "Connections that skipped TIME-WAIT since there were too many"),
    TCPREQQFULLDOCOOKIES(
            MibGroup.TCP_EXT,
            "TCPReqQFullDoCookies",
            "SYNs answered with a cookie because the SYN queue was full"),
    TCPREQQFULLDROP(
            MibGroup.TCP_EXT,
            "TCPReqQFullDrop",
            "SYNs dropped because the SYN queue was full and cookies are off"),
    TCPRETRANSFAIL(MibGroup.TCP_EXT, "TCPRetransFail", "Retransmissions that could not be sent"),
    TCPRCVCOALESCE(
            MibGroup.TCP_EXT,
            "TCPRcvCoalesce",
            "Segments merged with the one before in the receive queue"),
    TCPOFOQUEUE(MibGroup.TCP_EXT, "TCPOFOQueue", "Segments put into an out-of-order queue"),
    TCPOFODROP(MibGroup.TCP_EXT, "TCPOFODrop", "Out-of-order segments dropped for want of memory"),
    TCPOFOMERGE(MibGroup.TCP_EXT, "TCPOFOMerge", "Out-of-order segments that others cover"),
    TCPCHALLENGEACK(MibGroup.TCP_EXT, "TCPChallengeACK", "Challenge ACKs (RFC 5961) sent"),
    TCPSYNCHALLENGE(
            MibGroup.TCP_EXT,
            "TCPSYNChallenge",
            "Challenge ACKs sent because of a SYN on an open connection"),
    TCPFASTOPENACTIVE(
            MibGroup.TCP_EXT, "TCPFastOpenActive", "Fast Open connections opened with data"),
    TCPFASTOPENACTIVEFAIL(
            MibGroup.TCP_EXT, "TCPFastOpenActiveFail", "Fast Open attempts that failed"),
    TCPFASTOPENPASSIVE(MibGroup.TCP_EXT, "TCPFastOpenPassive", "Fast Open connections accepted"),
    TCPFASTOPENPASSIVEFAIL(
            MibGroup.TCP_EXT, "TCPFastOpenPassiveFail", "Fast Open connections refused"),
    TCPFASTOPENLISTENOVERFLOW(
            MibGroup.TCP_EXT,
            "TCPFastOpenListenOverflow",
            "Fast Open connections refused because too many are pending"),
    TCPFASTOPENCOOKIEREQD(
            MibGroup.TCP_EXT, "TCPFastOpenCookieReqd", "Requests for a Fast Open cookie answered"),
    TCPFASTOPENBLACKHOLE(
            MibGroup.TCP_EXT,
            "TCPFastOpenBlackhole",
            "Times that Fast Open was switched off because of a black hole"),
    TCPSPURIOUS_RTX_HOSTQUEUES(
            MibGroup.TCP_EXT,
            "TCPSpuriousRtxHostQueues",
            "Retransmissions left out because the segment had not left this host"),
    BUSYPOLLRXPACKETS(MibGroup.TCP_EXT, "BusyPollRxPackets", "Packets received by busy polling"),
    TCPAUTOCORKING(
            MibGroup.TCP_EXT,
            "TCPAutoCorking",
            "Small segments held back while others were being sent"),
    TCPFROMZEROWINDOWADV(MibGroup.TCP_EXT, "TCPFromZeroWindowAdv", "Windows opened from zero"),
    TCPTOZEROWINDOWADV(MibGroup.TCP_EXT, "TCPToZeroWindowAdv", "Windows closed to zero"),
    TCPWANTZEROWINDOWADV(
            MibGroup.TCP_EXT,
            "TCPWantZeroWindowAdv",
            "Windows that wanted to close but may not shrink"),
    TCPSYNRETRANS(MibGroup.TCP_EXT, "TCPSynRetrans", "SYNs and SYN-ACKs sent again"),
    TCPORIGDATASENT(
            MibGroup.TCP_EXT, "TCPOrigDataSent", "Segments with data sent for the first time"),
    TCPHYSTARTTRAINDETECT(
            MibGroup.TCP_EXT,
            "TCPHystartTrainDetect",
            "Slow starts ended by the length of an ACK train"),
    TCPHYSTARTTRAINCWND(
            MibGroup.TCP_EXT, "TCPHystartTrainCwnd", "Sum of the congestion windows at these ends"),
    TCPHYSTARTDELAYDETECT(
            MibGroup.TCP_EXT, "TCPHystartDelayDetect", "Slow starts ended by growing delay"),
    TCPHYSTARTDELAYCWND(
            MibGroup.TCP_EXT, "TCPHystartDelayCwnd", "Sum of the congestion windows at these ends"),
    TCPACKSKIPPEDSYNRECV(
            MibGroup.TCP_EXT,
            "TCPACKSkippedSynRecv",
            "ACKs left out by the rate limit, in SYN-RECV"),
    TCPACKSKIPPEDPAWS(
            MibGroup.TCP_EXT,
            "TCPACKSkippedPAWS",
            "ACKs left out by the rate limit, bad timestamp"),
    TCPACKSKIPPEDSEQ(
            MibGroup.TCP_EXT,
            "TCPACKSkippedSeq",
            "ACKs left out by the rate limit, bad sequence number"),
    TCPACKSKIPPEDFINWAIT2(
            MibGroup.TCP_EXT,
            "TCPACKSkippedFinWait2",
            "ACKs left out by the rate limit, in FIN-WAIT-2"),
    TCPACKSKIPPEDTIMEWAIT(
            MibGroup.TCP_EXT,
            "TCPACKSkippedTimeWait",
            "ACKs left out by the rate limit, in TIME-WAIT"),
    TCPACKSKIPPEDCHALLENGE(
            MibGroup.TCP_EXT,
            "TCPACKSkippedChallenge",
            "Challenge ACKs left out by the rate limit"),
    TCPWINPROBE(MibGroup.TCP_EXT, "TCPWinProbe", "Zero window probes sent"),
    TCPKEEPALIVE(MibGroup.TCP_EXT, "TCPKeepAlive", "Keepalive probes sent"),
    TCPMTUPFAIL(MibGroup.TCP_EXT, "TCPMTUPFail", "MTU probes that were lost"),
    TCPMTUPSUCCESS(MibGroup.TCP_EXT, "TCPMTUPSuccess", "MTU probes that arrived"),
    TCPDELIVERED(MibGroup.TCP_EXT, "TCPDelivered", "Segments delivered to the peer"),
    TCPDELIVEREDCE(MibGroup.TCP_EXT, "TCPDeliveredCE", "Segments delivered with a congestion mark"),
    TCPACKCOMPRESSED(MibGroup.TCP_EXT, "TCPAckCompressed", "ACKs left out by compression"),
    TCPZEROWINDOWDROP(
            MibGroup.TCP_EXT,
            "TCPZeroWindowDrop",
            "Segments dropped because the window was closed"),
    TCPRCVQDROP(
            MibGroup.TCP_EXT, "TCPRcvQDrop", "Segments dropped because the receive queue was full"),
    TCPWQUEUETOOBIG(
            MibGroup.TCP_EXT,
            "TCPWqueueTooBig",
            "Segments not split because the write queue was too large"),
    TCPFASTOPENPASSIVEALTKEY(
            MibGroup.TCP_EXT,
            "TCPFastOpenPassiveAltKey",
            "Fast Open connections accepted with the second key"),
    TCPTIMEOUTREHASH(MibGroup.TCP_EXT, "TcpTimeoutRehash", "Flow hashes changed after a timeout"),
    TCPDUPLICATEDATAREHASH(
            MibGroup.TCP_EXT,
            "TcpDuplicateDataRehash",
            "Flow hashes changed because duplicates came"),
    TCPDSACKRECVSEGS(
            MibGroup.TCP_EXT, "TCPDSACKRecvSegs", "Segments that the peer reported as duplicates"),
    TCPDSACKIGNOREDDUBIOUS(
            MibGroup.TCP_EXT, "TCPDSACKIgnoredDubious", "Duplicate reports ignored as impossible"),
    TCPMIGRATEREQSUCCESS(
            MibGroup.TCP_EXT,
            "TCPMigrateReqSuccess",
            "Pending connections moved to another listener"),
    TCPMIGRATEREQFAILURE(
            MibGroup.TCP_EXT,
            "TCPMigrateReqFailure",
            "Pending connections that could not be moved"),
    TCPPLBREHASH(
            MibGroup.TCP_EXT, "TCPPLBRehash", "Flow hashes changed by protective load balancing"),
    TCPAOREQUIRED(
            MibGroup.TCP_EXT,
            "TCPAORequired",
            "Segments without authentication (RFC 5925) where it was expected"),
    TCPAOBAD(MibGroup.TCP_EXT, "TCPAOBad", "Segments with wrong authentication"),
    TCPAOKEYNOTFOUND(
            MibGroup.TCP_EXT, "TCPAOKeyNotFound", "Segments authenticated with an unknown key"),
    TCPAOGOOD(MibGroup.TCP_EXT, "TCPAOGood", "Segments with right authentication"),
    TCPAODROPPEDICMPS(
            MibGroup.TCP_EXT,
            "TCPAODroppedIcmps",
            "ICMP errors ignored for authenticated connections");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    TcpExt(MibGroup group, String text, String meaning) {
        this.index = MibLayout.TCP_EXT + ordinal();
        this.group = group;
        this.text = text;
        this.meaning = meaning;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public MibGroup group() {
        return group;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
