package dev.linnet.net.tcp;

import dev.linnet.hook.HookSocket;
import dev.linnet.hook.SkMsg;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PageSource;
import dev.linnet.net.core.sock.SockView;
import java.nio.ByteBuffer;

/// A part of a message in one piece of a page (`struct sk_msg`), with a reference to the page until it
/// is handed over.
final class SkMsgPart extends PageSource implements SkMsg {
    final PageFrag frag = new PageFrag();
    private final TcpSock sender;
    private boolean mine = true;
    private int taken;

    SkMsgPart(TcpSock sender) {
        this.sender = sender;
    }

    @Override
    public HookSocket socket() {
        return new SockView(sender);
    }

    @Override
    public int size() {
        return frag.length;
    }

    @Override
    public ByteBuffer data() {
        return ByteBuffer.wrap(frag.page.data, frag.offset, frag.length).slice().asReadOnlyBuffer();
    }

    /// Somebody else has the reference now.
    void handedOver() {
        mine = false;
    }

    void release() {
        if (mine) {
            mine = false;
            frag.page.put();
        }
    }

    @Override
    public long remaining() {
        return frag.length - (long) taken;
    }

    @Override
    public boolean next(int max, PageFrag out) {
        int n = Math.min(max, frag.length - taken);
        if (n == 0) {
            return false;
        }
        frag.page.get();
        out.set(frag.page, frag.offset + taken, n);
        taken += n;
        return true;
    }
}
