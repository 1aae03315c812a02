package dev.linnet.net.tcp;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.UserMapping;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpState;
import dev.linnet.uapi.ZerocopyReceive;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// `TCP_ZEROCOPY_RECEIVE`: whole pages of the receive queue appear in a mapping of the socket instead of
/// being copied. What lies between them is copied to another buffer, or left with a hint how far it
/// goes. The sock is locked.
final class TcpZerocopyReceive {
    private static final int PAGE_SIZE = 4096;

    /// Flags of control messages that may be asked for (`TCP_CMSG_TS`).
    private static final int VALID_MSG_FLAGS = 2;

    private final TcpSock tp;
    private final ZerocopyReceive zc;
    private final UserMapping mapping;

    /// Bytes mapped so far, and the next byte of the stream.
    private int length;

    private int seq;

    private TcpZerocopyReceive(TcpSock tp, ZerocopyReceive zc, UserMapping mapping) {
        this.tp = tp;
        this.zc = zc;
        this.mapping = mapping;
        this.seq = tp.copiedSeq;
    }

    /// Bytes valid in `value`, or `-errno`: `-EINVAL` for a structure that is too short or has unknown
    /// fields set, for an address that is no page's or not of a socket's mapping; `-ENOTCONN`; `-EIO` at
    /// the end of the stream.
    static int getsockopt(TcpSock tp, byte[] value) {
        if (value.length < ZerocopyReceive.MIN_SIZE) {
            return -Errno.EINVAL;
        }
        for (int i = ZerocopyReceive.SIZE; i < value.length; i++) {
            if (value[i] != 0) {
                return -Errno.EINVAL;
            }
        }
        ZerocopyReceive zc = ZerocopyReceive.decode(value);
        if (zc.reserved != 0 || (zc.msgFlags & ~VALID_MSG_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        UserMapping mapping = UserMapping.current();
        int err = new TcpZerocopyReceive(tp, zc, mapping == null ? NOWHERE : mapping).receive();
        if (err < 0) {
            return err;
        }
        int known = Math.min(value.length, ZerocopyReceive.SIZE);
        zc.err = ZerocopyReceive.hasErr(known) ? tp.sockError() : zc.err;
        zc.inq = ZerocopyReceive.hasInq(known) ? TcpIoctl.inqHint(tp) : zc.inq;
        return zc.encode(value);
    }

    @Kernel("tcp_zerocopy_receive")
    private int receive() {
        int room = zc.copybufLen;
        int inq = TcpIoctl.inq(tp);
        zc.copybufLen = 0;
        zc.msgFlags = 0;
        if (zc.address % PAGE_SIZE != 0) {
            return -Errno.EINVAL;
        }
        if (tp.state == TcpState.TCP_LISTEN) {
            return -Errno.ENOTCONN;
        }
        if (inq > 0 && inq <= room) {
            return copyAll(inq);
        }
        if (inq < PAGE_SIZE) {
            zc.length = 0;
            zc.recvSkipHint = inq;
            return inq == 0 && tp.done ? -Errno.EIO : 0;
        }
        long area = mapping.socketArea(zc.address);
        if (area == 0) {
            return -Errno.EINVAL;
        }
        int wanted = (int) Math.min(Math.min(Integer.toUnsignedLong(zc.length), area), inq);
        int mappable = wanted & -PAGE_SIZE;
        if (mappable > 0) {
            mapping.zap(zc.address, mappable);
        }
        zc.length = mappable > 0 ? mappable : wanted;
        zc.recvSkipHint = mappable > 0 ? 0 : wanted;
        return finish(map(), room);
    }

    /// Maps pages until one is in the way that is none: the segment that it is in.
    private @Nullable SkBuff map() {
        SkBuff skb = null;
        ZerocopyFrags frags = null;
        while (length + PAGE_SIZE <= zc.length) {
            if (frags == null || zc.recvSkipHint < PAGE_SIZE) {
                if (skb != null && zc.recvSkipHint > 0) {
                    break;
                }
                skb = skb == null ? recvSkb() : skb.next;
                if (skb == null) {
                    break;
                }
                int offset = TcpRecvmsg.offset(skb, seq);
                zc.recvSkipHint = skb.len - offset;
                frags = new ZerocopyFrags(skb);
                if (!frags.advanceTo(offset) || frags.inside() > 0) {
                    break;
                }
            }
            int skip = frags.toMappable(zc.recvSkipHint);
            if (skip > 0) {
                zc.recvSkipHint = skip;
                break;
            }
            mapping.insert(zc.address + length, frags.page(), frags.offset());
            frags.next();
            length += PAGE_SIZE;
            seq += PAGE_SIZE;
            zc.recvSkipHint -= PAGE_SIZE;
        }
        return skb;
    }

    /// Copies what could not be mapped and settles what was taken.
    private int finish(@Nullable SkBuff skb, int room) {
        int copied = copyLeftover(skb, room);
        int result = 0;
        if (length + copied > 0) {
            tp.advanceCopiedSeq(length + copied);
            TcpRcvSpace.rcvSpaceAdjust(tp);
            recvSkb();
            TcpRecvmsg.cleanupRbuf(tp, length + copied);
            if (length == zc.length) {
                zc.recvSkipHint = 0;
            }
        } else if (zc.recvSkipHint == 0 && tp.done) {
            result = -Errno.EIO;
        }
        zc.length = length;
        return result;
    }

    @Kernel({"tcp_zc_handle_leftover", "tcp_copy_straggler_data"})
    private int copyLeftover(@Nullable SkBuff last, int room) {
        int want = Integer.compareUnsigned(room, zc.recvSkipHint) < 0 ? room : zc.recvSkipHint;
        SkBuff skb = last == null ? recvSkb() : last;
        if (want == 0 || skb == null) {
            return 0;
        }
        IovIter to = mapping.buffer(zc.copybufAddress, want);
        if (SkbOps.copyToIter(skb, TcpRecvmsg.offset(skb, seq), to, want) < want) {
            zc.copybufLen = -Errno.EFAULT;
            return 0;
        }
        zc.copybufLen = want;
        zc.recvSkipHint -= want;
        seq += want;
        return want;
    }

    /// Everything fits into the buffer beside the mapping: it is read in the ordinary way.
    @Kernel("receive_fallback_to_copy")
    private int copyAll(int inq) {
        zc.length = 0;
        zc.recvSkipHint = 0;
        MsgHdr msg = new MsgHdr();
        msg.iter.copyFrom(mapping.buffer(zc.copybufAddress, inq));
        int n = TcpRecvmsg.recvLocked(tp, msg, Msg.MSG_DONTWAIT);
        if (n < 0) {
            return n;
        }
        zc.copybufLen = n;
        seq = tp.copiedSeq;
        SkBuff skb = n > 0 ? recvSkb() : null;
        if (skb != null) {
            hintFor(skb, TcpRecvmsg.offset(skb, seq));
        }
        return 0;
    }

    @Kernel("tcp_zerocopy_set_hint_for_skb")
    private void hintFor(SkBuff skb, int offset) {
        zc.recvSkipHint = skb.len - offset;
        ZerocopyFrags frags = new ZerocopyFrags(skb);
        if (!frags.advanceTo(offset)) {
            return;
        }
        int partial = 0;
        if (frags.inside() > 0) {
            if (frags.last()) {
                return;
            }
            partial = frags.finishFrag();
        }
        zc.recvSkipHint = partial + frags.toMappable(zc.recvSkipHint - partial);
    }

    /// The segment that has the next byte; those that are used up leave the queue.
    @Kernel("tcp_recv_skb")
    private @Nullable SkBuff recvSkb() {
        SkBuff skb;
        while ((skb = tp.receiveQueue.peek()) != null) {
            boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
            if (TcpRecvmsg.offset(skb, seq) < skb.len || fin) {
                return skb;
            }
            TcpRecvmsg.eat(tp, skb);
        }
        return null;
    }

    /// A process without mappings.
    private static final UserMapping NOWHERE =
            new UserMapping() {
                @Override
                public long socketArea(long address) {
                    return 0;
                }

                @Override
                public void zap(long address, long length) {}

                @Override
                public void insert(long address, Page page, int offset) {
                    throw new IllegalStateException("no mapping");
                }

                @Override
                public IovIter buffer(long address, int length) {
                    return new IovIter().clear().faultAt(0, length);
                }
            };
}
