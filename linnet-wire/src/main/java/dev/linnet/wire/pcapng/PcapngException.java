package dev.linnet.wire.pcapng;

import java.io.IOException;

/// A file that is not pcapng, or is broken.
public final class PcapngException extends IOException {

    private static final long serialVersionUID = 1;

    /// Where in the file the trouble is, in bytes from its start.
    private final long offset;

    PcapngException(long offset, String reason) {
        super("pcapng: " + reason + " (at byte " + offset + ")");
        this.offset = offset;
    }

    /// Where in the file the broken block, or the broken part of it, starts; bytes from 0.
    public long offset() {
        return offset;
    }
}
