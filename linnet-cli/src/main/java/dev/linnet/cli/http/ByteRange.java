package dev.linnet.cli.http;

import org.jspecify.annotations.Nullable;

/// The part of a body that is asked for (RFC 9110 section 14).
///
/// @param first offset of the first byte
/// @param length bytes, of `total`
record ByteRange(long first, long length, long total) {
    /// Reads a `Range` header: the whole body when there is none or when it is not one range of
    /// bytes; null if no byte of the body is in it.
    static @Nullable ByteRange parse(@Nullable String header, long total) {
        ByteRange whole = new ByteRange(0, total, total);
        if (header == null || !header.startsWith("bytes=") || header.contains(",")) {
            return whole;
        }
        String spec = header.substring("bytes=".length()).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return whole;
        }
        try {
            if (dash == 0) {
                long last = Math.min(Long.parseLong(spec.substring(1)), total);
                return last == 0 ? null : new ByteRange(total - last, last, total);
            }
            long from = Long.parseLong(spec.substring(0, dash));
            String end = spec.substring(dash + 1);
            long to = end.isEmpty() ? total - 1 : Math.min(Long.parseLong(end), total - 1);
            return from > to ? null : new ByteRange(from, to - from + 1, total);
        } catch (NumberFormatException e) {
            return whole;
        }
    }

    String contentRange() {
        return "bytes " + first + "-" + (first + length - 1) + "/" + total;
    }
}
