package dev.linnet.cli.demo;

import dev.linnet.cli.http.HttpFetch;
import dev.linnet.stack.Stack;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Follows the transfer: a progress bar, and the checksum of what arrives.
final class TransferView implements HttpFetch.Progress {
    private final Stack stack;
    private final DemoScreen out;
    private final long total;
    private final long startNs;
    private final MessageDigest digest;
    private long done;
    private int shownPercent = -1;

    TransferView(Stack stack, DemoScreen out, long total) {
        this.stack = stack;
        this.out = out;
        this.total = total;
        this.startNs = stack.nowNs();
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        out.transferStarts(total);
    }

    @Override
    public void started(int status, long length) {
        if (status != 200 || length != total) {
            throw new IllegalStateException("the server said " + status + ", " + length + " bytes");
        }
    }

    @Override
    public void data(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        done += length;
        int percent = (int) (done * 100 / total);
        if (percent != shownPercent) {
            shownPercent = percent;
            out.progress(done, total, stack.nowNs() - startNs);
        }
    }

    void finish() {
        out.transferEnds(done, stack.nowNs() - startNs);
    }

    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
