package dev.linnet.programs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// Contents to send, and how it is known that they arrived.
final class Bodies {
    private Bodies() {}

    /// Bytes that depend on the seed alone.
    static byte[] bytes(long seed, int length) {
        byte[] body = new byte[length];
        new SplittableRandom(seed).nextBytes(body);
        return body;
    }

    static String sha256(byte[] body) {
        return HexFormat.of().formatHex(sha256().digest(body));
    }

    static String sha256(ByteBuffer body) {
        MessageDigest digest = sha256();
        digest.update(body.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The hash of everything until the end of the stream.
    static String sha256(InputStream body) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[16 << 10];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
