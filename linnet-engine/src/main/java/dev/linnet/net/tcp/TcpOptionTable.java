package dev.linnet.net.tcp;

import static dev.linnet.uapi.TcpOpt.*;

import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.net.tcp.TcpSockopt.IntGetter;
import dev.linnet.net.tcp.TcpSockopt.IntSetter;
import dev.linnet.net.tcp.TcpSockopt.Row;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import java.util.List;
import java.util.stream.Stream;

/// The rows of [TcpSockopt]: what each option of level SOL_TCP sets and tells, and its range.
final class TcpOptionTable {
    private static final int MAX_KEEP_SECONDS = 32767;
    private static final int MAX_COUNT = 127;
    private static final int MAX_MSS = 32767;

    /// Microseconds; eight times as many are still a positive number, as round trip times are kept.
    private static final int MAX_TX_DELAY = (1 << 28) - 1;

    private static final int RTO_MAX_SECONDS = 120;
    private static final int NOT_OPEN = TcpState.TCP_CLOSE.mask() | TcpState.TCP_LISTEN.mask();

    private TcpOptionTable() {}

    static List<Row> rows() {
        return Stream.of(sending(), keepalive(), opening(), timing(), repair(), other())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> sending() {
        return List.of(
                row(TCP_NODELAY, TcpSockoptActions::nodelay, tp -> tp.nonagle & TcpNagle.OFF),
                row(TCP_MAXSEG, TcpOptionTable::maxseg, TcpOptionTable::maxseg),
                row(TCP_CORK, TcpSockoptActions::cork, tp -> bit(tp.nonagle & TcpNagle.CORK)),
                row(TCP_WINDOW_CLAMP, TcpSockoptActions::windowClamp, tp -> tp.windowClamp),
                row(TCP_NOTSENT_LOWAT, TcpOptionTable::notsentLowat, tp -> tp.notsentLowat),
                row(TCP_THIN_DUPACK, flag((tp, v) -> {}), tp -> 0),
                new Row(
                        TCP_CONGESTION,
                        null,
                        null,
                        TcpSockoptBytes::congestion,
                        TcpSockoptBytes::congestionName),
                new Row(TCP_CC_INFO, null, null, null, TcpSockoptBytes::ccInfo),
                row(TCP_TX_DELAY, range(0, MAX_TX_DELAY, TcpTxDelay::set), tp -> tp.txDelayUs));
    }

    private static List<Row> keepalive() {
        return List.of(
                row(
                        TCP_KEEPIDLE,
                        range(1, MAX_KEEP_SECONDS, TcpSockoptActions::keepidle),
                        tp -> TcpKeepalive.timeWhen(tp) / Clock.HZ),
                row(
                        TCP_KEEPINTVL,
                        range(1, MAX_KEEP_SECONDS, (tp, v) -> tp.keepaliveIntvl = v * Clock.HZ),
                        tp -> TcpKeepalive.intvlWhen(tp) / Clock.HZ),
                row(
                        TCP_KEEPCNT,
                        range(1, MAX_COUNT, (tp, v) -> tp.keepaliveProbes = v),
                        TcpKeepalive::probes),
                row(
                        TCP_USER_TIMEOUT,
                        range(0, Integer.MAX_VALUE, (tp, v) -> tp.userTimeout = v),
                        tp -> tp.userTimeout),
                row(TCP_LINGER2, TcpOptionTable::linger2, TcpOptionTable::linger2));
    }

    private static List<Row> opening() {
        return List.of(
                row(
                        TCP_SYNCNT,
                        range(1, MAX_COUNT, (tp, v) -> tp.synRetries = v),
                        TcpOptionTable::syncnt),
                row(TCP_DEFER_ACCEPT, TcpOptionTable::deferAccept, TcpOptionTable::deferAccept),
                row(TCP_SAVE_SYN, range(0, 2, (tp, v) -> tp.saveSyn = v), tp -> tp.saveSyn),
                new Row(TCP_SAVED_SYN, null, null, null, TcpSockoptBytes::savedSyn),
                row(TCP_FASTOPEN, TcpOptionTable::fastopen, TcpOptionTable::fastopen),
                row(
                        TCP_FASTOPEN_CONNECT,
                        TcpOptionTable::fastopenConnect,
                        tp -> bit(tp.fastopenConnect)),
                new Row(
                        TCP_FASTOPEN_KEY,
                        null,
                        null,
                        TcpSockoptBytes::fastopenKey,
                        TcpSockoptBytes::getFastopenKey),
                row(
                        TCP_FASTOPEN_NO_COOKIE,
                        TcpOptionTable::fastopenNoCookie,
                        tp -> bit(tp.fastopenNoCookie)));
    }

    private static List<Row> timing() {
        return List.of(
                row(TCP_QUICKACK, TcpSockoptActions::quickack, TcpOptionTable::quickack),
                row(
                        TCP_THIN_LINEAR_TIMEOUTS,
                        flag((tp, v) -> tp.thinLto = v != 0),
                        tp -> bit(tp.thinLto)),
                row(
                        TCP_RTO_MAX_MS,
                        range(1000, RTO_MAX_SECONDS * 1000, (tp, v) -> tp.rtoMax = v),
                        tp -> tp.rtoMax),
                row(
                        TCP_RTO_MIN_US,
                        jiffiesOfUsecs(Clock.HZ / 5, (tp, v) -> tp.rtoMin = v),
                        tp -> (int) Clock.jiffiesToUsecs(tp.rtoMin)),
                row(
                        TCP_DELACK_MAX_US,
                        jiffiesOfUsecs(Clock.HZ / 5, (tp, v) -> tp.delackMax = v),
                        tp -> (int) Clock.jiffiesToUsecs(tp.delackMax)));
    }

    private static List<Row> repair() {
        return List.of(
                row(TCP_REPAIR, TcpRepair::repair, tp -> bit(tp.repair)),
                new Row(TCP_REPAIR_QUEUE, TcpRepair::queue, null, null, TcpRepair::getQueue),
                new Row(TCP_QUEUE_SEQ, TcpRepair::queueSeq, null, null, TcpRepair::getQueueSeq),
                new Row(TCP_REPAIR_OPTIONS, null, null, TcpRepair::options, null),
                new Row(TCP_REPAIR_WINDOW, null, null, TcpRepair::setWindow, TcpRepair::getWindow),
                new Row(TCP_AO_REPAIR, null, null, TcpRepair::setAo, TcpRepair::getAo),
                row(TCP_TIMESTAMP, TcpRepair::timestamp, TcpRepair::timestamp));
    }

    private static List<Row> other() {
        return List.of(
                new Row(TCP_INFO, null, null, null, TcpSockoptBytes::info),
                new Row(TCP_MD5SIG, null, null, TcpMd5::setsockopt, null),
                new Row(TCP_ZEROCOPY_RECEIVE, null, null, null, TcpZerocopyReceive::getsockopt),
                new Row(TCP_ULP, null, null, TcpSockoptBytes::ulp, (tp, value) -> 0),
                new Row(TCP_MD5SIG_EXT, null, null, TcpMd5::setsockoptExt, null),
                row(TCP_INQ, flag((tp, v) -> tp.recvmsgInq = v != 0), tp -> bit(tp.recvmsgInq)),
                new Row(TCP_IS_MPTCP, null, tp -> 0, null, null));
    }

    // ---- forms of rows
    // ---------------------------------------------------------------------------

    /// Stores a value that was found good.
    @FunctionalInterface
    private interface Store {
        void store(TcpSock tp, int value);
    }

    private static Row row(int name, IntSetter set, IntGetter get) {
        return new Row(name, set, get, null, null);
    }

    /// `-EINVAL` outside a range.
    private static IntSetter range(int low, int high, Store store) {
        return (tp, value) -> {
            if (value < low || value > high) {
                return -Errno.EINVAL;
            }
            store.store(tp, value);
            return 0;
        };
    }

    private static IntSetter flag(Store store) {
        return range(0, 1, store);
    }

    /// Microseconds that are kept as jiffies, at least 2 and at most `max`.
    private static IntSetter jiffiesOfUsecs(int max, Store store) {
        return (tp, value) -> {
            long jiffies = Clock.usecsToJiffies(Integer.toUnsignedLong(value));
            if (jiffies > max || jiffies < TcpTimer.TCP_TIMEOUT_MIN) {
                return -Errno.EINVAL;
            }
            store.store(tp, (int) jiffies);
            return 0;
        };
    }

    private static int bit(boolean b) {
        return b ? 1 : 0;
    }

    private static int bit(int bits) {
        return bits != 0 ? 1 : 0;
    }

    // ---- single options
    // --------------------------------------------------------------------------

    private static int maxseg(TcpSock tp, int value) {
        if (value != 0 && (value < TcpInit.MIN_MSS || value > MAX_MSS)) {
            return -Errno.EINVAL;
        }
        tp.rxOpt.userMss = value;
        return 0;
    }

    private static int maxseg(TcpSock tp) {
        if (tp.repair) {
            return tp.rxOpt.mssClamp;
        }
        boolean asked = tp.rxOpt.userMss != 0 && tp.state.in(NOT_OPEN);
        return asked ? tp.rxOpt.userMss : tp.mssCache;
    }

    private static int syncnt(TcpSock tp) {
        return tp.synRetries != 0 ? tp.synRetries : tp.net.sysctl.get(TcpSysctls.SYN_RETRIES);
    }

    private static int linger2(TcpSock tp, int value) {
        int max = TcpTimewait.LEN * 2;
        if (value < 0) {
            tp.linger2 = -1;
        } else {
            tp.linger2 = value > max / Clock.HZ ? max : value * Clock.HZ;
        }
        return 0;
    }

    private static int linger2(TcpSock tp) {
        if (tp.linger2 < 0) {
            return -1;
        }
        int jiffies = tp.linger2 != 0 ? tp.linger2 : tp.net.sysctl.get(TcpSysctls.FIN_TIMEOUT);
        return jiffies / Clock.HZ;
    }

    private static int deferAccept(TcpSock tp, int seconds) {
        queue(tp).deferAccept = secsToRetrans(seconds);
        return 0;
    }

    private static int deferAccept(TcpSock tp) {
        return retransToSecs(queue(tp).deferAccept);
    }

    /// After how many SYN-ACKs a time is over; at most 255.
    static int secsToRetrans(int seconds) {
        int timeout = 1;
        int period = 1;
        int n = seconds > 0 ? 1 : 0;
        while (seconds > period && n < 255) {
            n++;
            timeout = Math.min(timeout << 1, RTO_MAX_SECONDS);
            period += timeout;
        }
        return n;
    }

    static int retransToSecs(int retrans) {
        int timeout = 1;
        int period = retrans > 0 ? 1 : 0;
        for (int i = 1; i < retrans; i++) {
            timeout = Math.min(timeout << 1, RTO_MAX_SECONDS);
            period += timeout;
        }
        return period;
    }

    /// Exists before `listen` where an option is set that early.
    static RequestSockQueue queue(TcpSock tp) {
        RequestSockQueue queue = tp.acceptQueue;
        if (queue == null) {
            queue = new RequestSockQueue();
            tp.acceptQueue = queue;
        }
        return queue;
    }

    private static int quickack(TcpSock tp) {
        return bit(!TcpAckOut.inPingpongMode(tp));
    }

    private static int notsentLowat(TcpSock tp, int value) {
        tp.notsentLowat = value;
        tp.writeSpace();
        return 0;
    }

    private static int fastopen(TcpSock tp, int qlen) {
        if (qlen < 0 || !tp.state.in(NOT_OPEN)) {
            return -Errno.EINVAL;
        }
        TcpFastOpen.queueTune(tp, qlen);
        return 0;
    }

    private static int fastopen(TcpSock tp) {
        return tp.acceptQueue == null ? 0 : tp.acceptQueue.fastopenMaxQlen;
    }

    private static int fastopenConnect(TcpSock tp, int value) {
        if (value < 0 || value > 1) {
            return -Errno.EINVAL;
        }
        int knob = tp.net.sysctl.get(TcpSysctls.FASTOPEN);
        if ((knob & TcpFastOpen.CLIENT_ENABLE) == 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (tp.state != TcpState.TCP_CLOSE) {
            return -Errno.EINVAL;
        }
        tp.fastopenConnect = value != 0;
        return 0;
    }

    private static int fastopenNoCookie(TcpSock tp, int value) {
        if (value < 0 || value > 1 || !tp.state.in(NOT_OPEN)) {
            return -Errno.EINVAL;
        }
        tp.fastopenNoCookie = value != 0;
        return 0;
    }
}
