package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import org.jspecify.annotations.Nullable;

/// What a transport protocol does for the socket layer (`struct proto`).
///
/// Results are ≥ 0 or `-errno`. The calls run on the user's thread without the sock's lock unless
/// they say otherwise; the protocol takes it.
public abstract class Proto {
    /// `TCP`, `UDP` …, as in `/proc/net/protocols`.
    public final String name;

    protected Proto(String name) {
        this.name = name;
    }

    /// A new, unbound sock of this protocol with its defaults (`sk_alloc`, `sock_init_data`,
    /// `init`).
    @Kernel("sk_alloc")
    public abstract Sock newSock(NetNamespace net, int family, int type, int protocol);

    /// The user closed its end; `timeoutJiffies` is how long to linger (`close`).
    public abstract void close(Sock sk, long timeoutJiffies);

    /// Connects; called with the sock locked, may release it to sleep. `flags` are the file's
    /// `O_NONBLOCK` (`connect`).
    public abstract int connect(Sock sk, SockAddr addr);

    /// Dissolves the association (`AF_UNSPEC`); sock locked.
    public abstract int disconnect(Sock sk, int flags);

    /// Takes the first established connection, waiting for one (`accept`).
    ///
    /// @return the connection's sock, or null with the `-errno` in `result[0]`
    public @Nullable Sock accept(Sock sk, boolean nonblock, int[] result) {
        result[0] = -Errno.EOPNOTSUPP;
        return null;
    }

    /// Sends; the number of bytes taken.
    public abstract int sendmsg(Sock sk, MsgHdr msg);

    /// Receives; the number of bytes given, or of the datagram with `MSG_TRUNC`.
    public abstract int recvmsg(Sock sk, MsgHdr msg, int flags);

    /// Moves received data to a sink by reference, at most `count` bytes (`tcp_splice_read`).
    public int spliceRead(Sock sk, ProtoOps.PageSink sink, int count, boolean nonblock) {
        return -Errno.EINVAL;
    }

    /// The file that a `sendfile` reads has ended before the announced length.
    public void spliceEof(Sock sk) {}

    /// Binds the local port `port` (0: any); the sock is locked and its address set; 0 or `-errno`
    /// (`get_port`).
    @Kernel("get_port")
    public abstract int getPort(Sock sk, int port);

    /// Puts the functions for a sock in a sockmap in the place of these: 0, or `-EOPNOTSUPP` if the
    /// sock cannot be in one; sock locked (`psock_update_sk_prot`).
    public int psockUpdateProt(Sock sk) {
        return -Errno.EOPNOTSUPP;
    }

    /// True if packets find the sock (`sk_hashed`).
    @Kernel("sk_unhashed")
    public boolean hashed(Sock sk) {
        return true;
    }

    /// Gives back a port that was just bound; the sock is locked (`put_port`).
    public void putPort(Sock sk) {}

    /// Makes the sock findable, or not (`hash`, `unhash`).
    public abstract void hash(Sock sk);

    public abstract void unhash(Sock sk);

    /// The local address changed while hashed; sock locked (`rehash`).
    public void rehash(Sock sk) {}

    /// Options at the protocol's own level and, through it, those of IP.
    public abstract int setsockopt(Sock sk, int level, int name, byte[] value);

    /// @param value filled; its length is what the user offered
    /// @return the number of bytes valid in `value`, or `-errno`
    public abstract int getsockopt(Sock sk, int level, int name, byte[] value);

    /// `SIOC*` of the protocol; the result value is ≥ 0, or `-errno`, `-ENOIOCTLCMD` if unknown.
    public abstract int ioctl(Sock sk, int cmd);

    /// Shuts down the sending half (`shutdown`); sock locked.
    public void shutdown(Sock sk, int how) {}

    /// `SO_KEEPALIVE` is about to change; sock locked.
    public void keepalive(Sock sk, boolean on) {}

    /// `SO_RCVLOWAT`, at least 1; sock locked.
    public int setRcvlowat(Sock sk, int low) {
        sk.rcvlowat = low;
        return 0;
    }

    /// `SO_INQ`; `-ENOPROTOOPT` where it does not exist.
    public int setInq(Sock sk, int value) {
        return -Errno.ENOPROTOOPT;
    }

    /// True if `SO_PEEK_OFF` exists for this protocol (`set_peek_off`).
    public boolean hasPeekOff() {
        return false;
    }

    /// True if a received datagram comes with its time but without the other things that
    /// `SOL_SOCKET` has to tell.
    public boolean timesOnly() {
        return false;
    }

    /// Where the numbering of timestamped bytes starts (`SOF_TIMESTAMPING_OPT_ID`); sock locked.
    ///
    /// @param fromWrite count from the next byte written rather than from the last acknowledged
    public int timestampKey(Sock sk, boolean fromWrite) {
        return 0;
    }

    /// What goes with the time of a sent packet for `SOF_TIMESTAMPING_OPT_STATS`, or null if the
    /// protocol has no such thing.
    public byte @Nullable [] timestampStats(Sock sk, SkBuff orig) {
        return null;
    }

    /// Ready events of the socket, a set of `POLL*`; without the lock (`poll`).
    public abstract int poll(Sock sk);

    /// True if a connecting sock may take the quadruple that a TIME-WAIT remain holds
    /// (`twsk_unique`); the lock of the hash stripe is held.
    ///
    /// @param auto the port was chosen by the stack, not by the user
    public boolean twskUnique(Sock sk, InetTimewaitSock tw, boolean auto) {
        return false;
    }

    /// Gives back what the protocol holds for a sock that goes away (`destroy`); sock locked.
    public void destroy(Sock sk) {}

    /// What the protocol does for requests of its listeners, null if it has none (`rsk_prot`).
    public @Nullable RequestSockOps rskOps() {
        return null;
    }

    /// Receives a packet under the sock's lock (`backlog_rcv`); takes ownership.
    public abstract void backlogRcv(Sock sk, SkBuff skb);
}
