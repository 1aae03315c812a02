package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockExterr;
import org.jspecify.annotations.Nullable;

/// A packet (`struct sk_buff`): a linear part in one page, then fragments of other pages.
///
///     buf  |<- headroom ->|<- linear part ->|<- tailroom ->|
///          0             data              tail        buf.length
///     len = (tail - data) + dataLen; the rest of the bytes is in frag 0 .. nrFrags-1
///
/// Header offsets ([#networkHeader] …) are absolute in [#buf]. One owner at a time; the owner ends
/// it with [#consume()] (it did its work) or [#drop] (it died, and why). The object is pooled: after
/// that it must not be touched. Pages are shared by count, see [Page]; bytes of the linear part
/// may be written only while the head page is exclusive ([#cowHead]).
public final class SkBuff {
    /// `ip_summed`: nothing known; the checksum has yet to be verified or computed.
    public static final int CHECKSUM_NONE = 0;

    /// Verified, or from a device that cannot corrupt (loopback).
    public static final int CHECKSUM_UNNECESSARY = 1;

    /// [#csum] holds the sum over everything from the transport header on.
    public static final int CHECKSUM_COMPLETE = 2;

    /// The checksum field holds the pseudo-header sum; the device (or nobody, on a path inside this
    /// stack) completes it from [#csumStart].
    public static final int CHECKSUM_PARTIAL = 3;

    /// `pkt_type`.
    public static final int PACKET_HOST = 0;

    public static final int PACKET_BROADCAST = 1;
    public static final int PACKET_MULTICAST = 2;
    public static final int PACKET_OTHERHOST = 3;
    public static final int PACKET_OUTGOING = 4;
    public static final int PACKET_LOOPBACK = 5;

    /// `gso_type`.
    public static final int GSO_TCPV4 = 1;

    public static final int GSO_TCPV6 = 1 << 4;
    public static final int GSO_TCP_ECN = 1 << 2;

    /// The header's CWR is part of accurate ECN's counter: it goes into every segment.
    public static final int GSO_TCP_ACCECN = 1 << 19;
    public static final int GSO_UDP_L4 = 1 << 17;

    /// Linux's `SKB_TRUESIZE(0)` on a 64-bit machine: what a packet costs beside its data.
    public static final int OVERHEAD = 576;

    /// Of that, the packet's own structure; the rest belongs to its linear part.
    public static final int STRUCT_COST = 256;

    /// What a small linear part costs in Linux: room for all headers of a sent segment.
    public static final int HEAD_COST = 256;

    /// What happens to the accounting when the packet ends.
    public enum Destructor {
        NONE,
        /// Counted in the sock's receive memory (`sock_rfree`).
        RFREE,
        /// Counted in the sock's send memory (`sock_wfree`).
        WFREE,
        /// Only refers to the sock found for it early (`sock_edemux`).
        EDEMUX
    }

    public final SkBuffPool pool;

    /// List links; of the pool, a queue, or nobody.
    public @Nullable SkBuff next;

    public @Nullable SkBuff prev;
    public @Nullable SkBuffHead list;

    /// Links in a [SkbRbTree].
    @Nullable SkBuff rbLeft;

    @Nullable SkBuff rbRight;
    @Nullable SkBuff rbParent;
    boolean rbRed;

    /// Links in the list of sent segments in order of their sending (`tcp_tsorted_anchor`).
    public @Nullable SkBuff tsNext;

    public @Nullable SkBuff tsPrev;

    /// Of a queued segment: the packet that its last transmission made, which may have ended since.
    public @Nullable SkBuff xmitClone;

    public @Nullable Sock sk;
    public @Nullable NetDevice dev;
    public @Nullable DstEntry dst;
    public Destructor destructor = Destructor.NONE;

    /// The memory of the linear part: `head.data`.
    public byte[] buf = NO_BYTES;

    @Nullable Page head;
    public int data;
    public int tail;

    /// All bytes, and those of them in fragments.
    public int len;

    public int dataLen;

    public Page[] fragPage = new Page[2];
    public int[] fragOff = new int[2];
    public int[] fragLen = new int[2];
    public int nrFrags;

    public int macHeader;
    public int networkHeader;
    public int transportHeader;

    /// EtherType in host order.
    public int protocol;

    public int pktType;
    public int ipSummed;

    /// With `CHECKSUM_PARTIAL`: absolute offset in [#buf] at which the sum starts, and where from
    /// there the field is (`csum_start`, `csum_offset`). With `COMPLETE`: [#csum].
    public int csumStart;

    public int csumOffset;
    public int csum;
    public int gsoSize;
    public int gsoSegs;
    public int gsoType;

    /// Whether the page of the linear part may become a fragment of another packet; false for one that
    /// stands for memory of Linux's slab.
    public boolean headFrag = true;

    public int truesize;
    public int hash;
    public int mark;
    public int priority;

    /// Interface on which it came in.
    @Kernel("inet_iif")
    public int skbIif;

    /// Sent or received when, ns: monotonic for TCP's own (`skb_mstamp_ns`), wall clock for stamps
    /// that users see.
    public long tstampNs;

    /// `tx_flags` of the shared info: `SKBTX_*` timestamp requests, and their key.
    public int txFlags;

    public int tskey;

    /// IP control block: options length and the fragment/forward flags (`IPCB(skb)->flags`).
    public int ipFlags;

    public int ipOptLen;

    /// Of a fragment that waits for the others: where its data stands in the datagram, bytes.
    public int ipDefragOffset;

    /// Largest fragment of a reassembled datagram (`frag_max_size`).
    public int fragMaxSize;

    /// UDP and raw: bytes of the datagram already read by a peek with offset.
    public int peeked;

    public @Nullable UbufInfo ubuf;

    /// In the error queue of a socket: what the entry says (`SKB_EXT_ERR`); what a family keeps with it.
    public @Nullable SockExterr exterr;

    public @Nullable SkbParms parms;

    public final TcpSkbCb cb = new TcpSkbCb();
    boolean inUse;

    /// Packets under this one in the pool, itself counted.
    int poolDepth;

    private static final byte[] NO_BYTES = {};

    SkBuff(SkBuffPool pool) {
        this.pool = pool;
    }

    // ---- making ------------------------------------------------------------------------------

    /// A packet with an empty linear part for `size` bytes (`alloc_skb`); reserve headroom next.
    @Kernel("alloc_skb")
    public static SkBuff alloc(SkBuffPool pool, int stripe, int size) {
        SkBuff skb = pool.allocSkb(stripe);
        skb.setHead(pool.alloc(stripe, PagePool.classFor(size)));
        return skb;
    }

    /// A packet over a page that is filled already: `len` bytes from `data` on are its linear part; the
    /// caller's reference to the page is taken over (`build_skb`).
    @Kernel("build_skb")
    @HotPath
    public static SkBuff build(SkBuffPool pool, int stripe, Page page, int data, int len) {
        SkBuff skb = pool.allocSkb(stripe);
        skb.setHead(page);
        skb.data = data;
        skb.tail = data + len;
        skb.len = len;
        return skb;
    }

    /// A packet without a linear part, for payload in fragments. The linear part that it gets one day
    /// for its headers is paid for already.
    public static SkBuff allocFragmented(SkBuffPool pool, int stripe) {
        SkBuff skb = pool.allocSkb(stripe);
        skb.truesize = OVERHEAD + HEAD_COST;
        return skb;
    }

    void setHead(Page page) {
        head = page;
        buf = page.data;
        data = 0;
        tail = 0;
        truesize = OVERHEAD + headTruesize();
    }

    /// What the page of the linear part costs: its size, but as much as in Linux for one that is for
    /// headers only.
    @HotPath
    public int headTruesize() {
        boolean headersOnly = head == null || buf.length == PagePool.sizeOf(PagePool.HEAD);
        return headersOnly ? HEAD_COST : buf.length;
    }

    /// True if somebody else, a sniffer for one, holds the linear part too.
    @Kernel("skb_cloned")
    @HotPath
    public boolean cloned() {
        return head != null && !head.exclusive();
    }

    /// True if the page of the linear part cannot go over to another packet.
    @Kernel("skb_head_is_locked")
    @HotPath
    public boolean headIsLocked() {
        return !headFrag || cloned();
    }

    /// Gives a packet that has only fragments an own linear part with `headroom` bytes before its
    /// (empty) data, for headers.
    public void addHead(int stripe, int headroom) {
        assert head == null;
        int size = truesize;
        setHead(pool.alloc(stripe, PagePool.classFor(headroom)));
        truesize = size;
        data = headroom;
        tail = headroom;
    }

    /// Another packet over the same bytes (`skb_clone`): pages shared, metadata copied, no owner
    /// sock, no list.
    @Kernel("skb_clone")
    @HotPath
    public SkBuff clone(int stripe) {
        SkBuff n = pool.allocSkb(stripe);
        n.copyMetadata(this);
        n.head = head;
        n.buf = buf;
        n.data = data;
        n.tail = tail;
        n.truesize = truesize;
        if (head != null) {
            head.get();
        }
        n.shareFrags(this);
        return n;
    }

    void copyMetadata(SkBuff o) {
        dev = o.dev;
        dst = o.dst;
        len = o.len;
        dataLen = o.dataLen;
        macHeader = o.macHeader;
        networkHeader = o.networkHeader;
        transportHeader = o.transportHeader;
        protocol = o.protocol;
        pktType = o.pktType;
        ipSummed = o.ipSummed;
        csumStart = o.csumStart;
        csumOffset = o.csumOffset;
        csum = o.csum;
        gsoSize = o.gsoSize;
        gsoSegs = o.gsoSegs;
        gsoType = o.gsoType;
        hash = o.hash;
        mark = o.mark;
        priority = o.priority;
        skbIif = o.skbIif;
        tstampNs = o.tstampNs;
        txFlags = o.txFlags;
        tskey = o.tskey;
        ipFlags = o.ipFlags;
        ipOptLen = o.ipOptLen;
        fragMaxSize = o.fragMaxSize;
        cb.copyFrom(o.cb);
    }

    void shareFrags(SkBuff o) {
        ensureFrags(o.nrFrags);
        for (int i = 0; i < o.nrFrags; i++) {
            Page page = o.fragPage[i];
            page.get();
            fragPage[i] = page;
            fragOff[i] = o.fragOff[i];
            fragLen[i] = o.fragLen[i];
        }
        nrFrags = o.nrFrags;
        ubuf = o.ubuf;
        if (ubuf != null) {
            ubuf.get();
        }
    }

    // ---- the linear part ---------------------------------------------------------------------

    /// Bytes in the linear part (`skb_headlen`).
    @HotPath
    public int headlen() {
        return len - dataLen;
    }

    public int headroom() {
        return data;
    }

    public int tailroom() {
        return buf.length - tail;
    }

    /// Moves the start of an empty linear part (`skb_reserve`).
    public void reserve(int bytes) {
        data += bytes;
        tail += bytes;
    }

    /// Appends `bytes` to the linear part and returns where they start (`skb_put`).
    @Kernel("skb_put")
    @HotPath
    public int put(int bytes) {
        int at = tail;
        tail += bytes;
        len += bytes;
        assert tail <= buf.length && dataLen == 0;
        return at;
    }

    /// Prepends `bytes` and returns where they start (`skb_push`).
    @Kernel("skb_push")
    @HotPath
    public int push(int bytes) {
        data -= bytes;
        len += bytes;
        assert data >= 0 : "no headroom";
        return data;
    }

    /// Takes `bytes` off the front of the linear part (`skb_pull`).
    @Kernel("skb_pull")
    @HotPath
    public int pull(int bytes) {
        assert bytes <= headlen();
        data += bytes;
        len -= bytes;
        return data;
    }

    /// True if the first `bytes` from [#data] are in the linear part, after pulling them in from the
    /// fragments where needed (`pskb_may_pull`).
    @Kernel("pskb_may_pull")
    @HotPath
    public boolean mayPull(int bytes) {
        return bytes <= headlen() || (bytes <= len && SkbOps.pullTail(this, bytes - headlen()));
    }

    /// Cuts the packet to `bytes` (`pskb_trim`).
    @Kernel("pskb_trim")
    public void trim(int bytes) {
        if (bytes < len) {
            SkbOps.trim(this, bytes);
        }
    }

    /// Makes the linear part writable with at least `headroom` before it (`skb_cow_head`).
    @Kernel("skb_cow_head")
    public void cowHead(int stripe, int headroom) {
        if (head == null || data < headroom || !head.exclusive()) {
            SkbOps.reallocHead(this, stripe, headroom);
        }
    }

    public void setNetworkHeader(int absolute) {
        networkHeader = absolute;
    }

    /// Length of everything from the transport header on.
    public int transportLen() {
        return len - (transportHeader - data);
    }

    void replaceHead(Page page, int newData, int newTail) {
        int shift = newData - data;
        macHeader += shift;
        networkHeader += shift;
        transportHeader += shift;
        csumStart += shift;
        if (head != null) {
            truesize -= headTruesize();
            head.put();
        } else {
            truesize -= HEAD_COST; // paid for in advance
        }
        head = page;
        buf = page.data;
        truesize += headTruesize();
        data = newData;
        tail = newTail;
    }

    @Nullable Page headPage() {
        return head;
    }

    // ---- fragments ---------------------------------------------------------------------------

    /// Appends a fragment and takes over the caller's reference to its page; the payload's cost in
    /// memory is added to [#truesize].
    @HotPath
    public void addFrag(Page page, int offset, int length) {
        int last = nrFrags - 1;
        if (last >= 0 && fragPage[last] == page && fragOff[last] + fragLen[last] == offset) {
            fragLen[last] += length;
            page.put();
        } else {
            ensureFrags(nrFrags + 1);
            fragPage[nrFrags] = page;
            fragOff[nrFrags] = offset;
            fragLen[nrFrags] = length;
            nrFrags++;
        }
        len += length;
        dataLen += length;
        truesize += length;
    }

    /// The piece of a page that holds the bytes from position `from` on, at most `max` of them; its
    /// page carries a reference for the caller. False if there are none.
    public boolean piece(int from, int max, PageFrag out) {
        int at = headlen();
        if (from < at && head != null) {
            head.get();
            out.set(head, data + from, Math.min(max, at - from));
            return true;
        }
        for (int i = 0; i < nrFrags; i++) {
            int end = at + fragLen[i];
            if (from < end) {
                fragPage[i].get();
                out.set(fragPage[i], fragOff[i] + from - at, Math.min(max, end - from));
                return true;
            }
            at = end;
        }
        return false;
    }

    /// True if bytes at this place would lengthen the last fragment.
    @HotPath
    public boolean continues(Page page, int offset) {
        int last = nrFrags - 1;
        return last >= 0 && fragPage[last] == page && fragOff[last] + fragLen[last] == offset;
    }

    void ensureFrags(int count) {
        if (count > fragPage.length) {
            SkbOps.growFrags(this, count);
        }
    }

    // ---- ends --------------------------------------------------------------------------------

    /// Severs the packet from its sock and settles the accounting (`skb_orphan`).
    @Kernel("skb_orphan")
    @HotPath
    public void orphan() {
        Sock owner = sk;
        if (owner != null) {
            sk = null;
            Destructor d = destructor;
            destructor = Destructor.NONE;
            if (d != Destructor.NONE) {
                owner.skbFreed(this, d);
            }
        }
    }

    /// Ends a packet that has done its work (`consume_skb`).
    @Kernel("consume_skb")
    @HotPath
    public void consume() {
        assert inUse : "packet freed twice";
        assert list == null : "packet freed while queued";
        orphan();
        releaseData();
        reset();
        pool.release(this);
    }

    /// Ends a packet that died, and says why (`kfree_skb_reason`).
    @Kernel("kfree_skb_reason")
    public void drop(DropReason reason) {
        pool.drops.dropped(this, reason);
        consume();
    }

    private void releaseData() {
        Page page = head;
        if (page != null) {
            page.put();
        }
        for (int i = 0; i < nrFrags; i++) {
            fragPage[i].put();
            fragPage[i] = Page.NONE;
        }
        UbufInfo u = ubuf;
        if (u != null) {
            u.put();
        }
    }

    private void reset() {
        inUse = false;
        next = null;
        prev = null;
        tsNext = null;
        tsPrev = null;
        xmitClone = null;
        dev = null;
        dst = null;
        head = null;
        buf = NO_BYTES;
        data = 0;
        tail = 0;
        len = 0;
        dataLen = 0;
        nrFrags = 0;
        macHeader = 0;
        networkHeader = 0;
        transportHeader = 0;
        protocol = 0;
        pktType = 0;
        ipSummed = 0;
        csumStart = 0;
        csumOffset = 0;
        csum = 0;
        gsoSize = 0;
        gsoSegs = 0;
        gsoType = 0;
        headFrag = true;
        truesize = 0;
        hash = 0;
        mark = 0;
        priority = 0;
        skbIif = 0;
        tstampNs = 0;
        txFlags = 0;
        tskey = 0;
        ipFlags = 0;
        ipOptLen = 0;
        ipDefragOffset = 0;
        fragMaxSize = 0;
        peeked = 0;
        ubuf = null;
        exterr = null;
        if (parms != null) {
            parms.clear();
        }
        cb.clear();
    }
}
