package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.Value;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes values as rows have them. What was found after a call stands in the place of what is
/// expected.
public final class Renderer {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private final Findings findings;
    private final boolean everything;

    public Renderer(Findings findings) {
        this(findings, false);
    }

    /// @param everything also what may be anything (`_`) is shown as it was found
    public Renderer(Findings findings, boolean everything) {
        this.findings = findings;
        this.everything = everything;
    }

    public String text(List<Value> args) {
        return args.stream().map(this::text).collect(Collectors.joining(", "));
    }

    public String text(Value value) {
        return switch (value) {
            case Value.Num num -> num(num);
            case Value.Typed typed -> typed.type() + "(" + num(typed.num()) + ")";
            case Value.Bytes bytes -> bytes(bytes);
            case Value.Inet inet ->
                    inet.host() + (inet.port() == null ? "" : ":" + inet.port().text());
            case Value.Unix unix -> "un" + bytes(unix.path());
            case Value.Buffer buffer -> buffer(buffer);
            case Value.Array array -> "[" + text(array.elements()) + "]";
            case Value.Struct struct -> struct(struct);
            case Value.FdSet set -> fdSet(set);
            case Value.Cmsg cmsg ->
                    "cmsg("
                            + cmsg.level().text()
                            + ", "
                            + cmsg.type().text()
                            + ", "
                            + text(cmsg.data())
                            + ")";
            case Value.Sized sized -> text(sized.memory()) + "#";
        };
    }

    private String num(Value.Num num) {
        Long found = findings.number(num);
        Expr after = num.after();
        String before = num.before() == null ? "" : num.before().text();
        if (after == null) {
            return before;
        }
        boolean hidden =
                switch (after) {
                    case Expr.Anything _ -> !everything;
                    case Expr.Variable _ -> everything; // its number is not what matters
                    default -> false;
                };
        hidden |= found == null;
        String now = hidden ? after.text() : "" + found;
        return (before.isEmpty() ? "-> " : before + " -> ") + now;
    }

    private String struct(Value.Struct struct) {
        StringBuilder out = new StringBuilder(struct.layout()).append('{');
        for (int i = 0; i < struct.fields().size(); i++) {
            String name = struct.names().get(i);
            out.append(i == 0 ? "" : ", ").append(name == null ? "" : name + "=");
            out.append(text(struct.fields().get(i)));
        }
        return out.append('}').toString();
    }

    private String buffer(Value.Buffer buffer) {
        StringBuilder out = new StringBuilder(buffer.address() ? "addr(" : "buf(");
        out.append(buffer.size().text());
        byte[] found = findings.bytes(buffer);
        if (found != null) {
            String now = found(found, buffer.address());
            out.append(now.isEmpty() ? "" : " -> " + now);
        } else if (buffer.after() != null) {
            out.append(" -> ").append(text(buffer.after()));
        }
        return out.append(')').toString();
    }

    private String fdSet(Value.FdSet set) {
        String before = set.before().stream().map(Expr::text).collect(Collectors.joining(", "));
        byte[] found = findings.bytes(set);
        if (found == null) {
            return "fdset(" + before + ")";
        }
        List<String> now = new ArrayList<>();
        for (int i = 0; i < found.length * Byte.SIZE; i++) {
            if ((found[i / Byte.SIZE] >> i % Byte.SIZE & 1) != 0) {
                now.add("" + i);
            }
        }
        return "fdset(" + (before + " -> " + String.join(", ", now)).strip() + ")";
    }

    // ---- bytes
    // ---------------------------------------------------------------------------------------

    /// Bytes that a call left in a buffer, without the zeros at the end.
    private static String found(byte[] bytes, boolean address) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        if (length == 0) {
            return "";
        }
        int family = bytes.length < 2 ? 0 : (int) IntType.U16.get(bytes, 0);
        if (address && family == AF_INET && bytes.length >= 8) {
            return host(Arrays.copyOfRange(bytes, 4, 8)) + ":" + IntType.BE16.get(bytes, 2);
        }
        if (address && family == AF_INET6 && bytes.length >= 24) {
            return "[" + host(Arrays.copyOfRange(bytes, 8, 24)) + "]:" + IntType.BE16.get(bytes, 2);
        }
        if (address && family == AF_UNIX) {
            return "un" + quoted(Arrays.copyOfRange(bytes, 2, Math.max(2, length)), '"');
        }
        return quoted(Arrays.copyOf(bytes, length), '"');
    }

    private static String host(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String bytes(Value.Bytes bytes) {
        String text = quoted(bytes.data(), bytes.terminated() ? '\'' : '"');
        return bytes.times() == 1 ? text : text + "*" + bytes.times();
    }

    private static String quoted(byte[] bytes, char quote) {
        StringBuilder out = new StringBuilder().append(quote);
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            if (c == quote || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c >= ' ' && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\x%02x", b & 0xff));
            }
        }
        return out.append(quote).toString();
    }
}
