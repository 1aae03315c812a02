package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lays a value out in memory.
///
/// As memory, numbers are what is written before the call. As a pattern (what a buffer is to hold
/// afterwards), they are what is expected.
public final class ImageBuilder {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int FD_SET_BYTES = 128;
    private static final int CMSG_HEADER_BYTES = 16;

    private final Variables variables;
    private final boolean pattern;
    private final Image image = new Image();
    private int end;

    private ImageBuilder(Variables variables, boolean pattern) {
        this.variables = variables;
        this.pattern = pattern;
    }

    /// The memory that a value stands for.
    public static Image memory(Value value, Variables variables) {
        return build(value, variables, false);
    }

    private static Image build(Value value, Variables variables, boolean pattern) {
        ImageBuilder builder = new ImageBuilder(variables, pattern);
        builder.append(value);
        return builder.image;
    }

    /// Makes room; where it begins.
    private int grow(int bytes) {
        int at = end;
        end += bytes;
        image.bytes = Arrays.copyOf(image.bytes, end);
        image.free = Arrays.copyOf(image.free, end);
        return at;
    }

    private void append(Value value) {
        switch (value) {
            case Value.Num num -> number(IntType.I32, num);
            case Value.Typed typed -> number(IntType.of(typed.type()), typed.num());
            case Value.Bytes bytes -> bytes(bytes);
            case Value.Inet inet -> inet(inet);
            case Value.Unix unix -> {
                short16(AF_UNIX);
                bytes(unix.path());
            }
            case Value.Buffer buffer -> buffer(buffer);
            case Value.Array array -> array.elements().forEach(this::append);
            case Value.Struct struct -> struct(struct);
            case Value.FdSet set -> fdSet(set);
            case Value.Cmsg cmsg -> cmsg(cmsg);
            case Value.Sized _ -> throw new FactException("'#' belongs to an argument");
        }
    }

    private void number(IntType type, Value.Num num) {
        number(type, num, grow(type.bytes));
    }

    private void number(IntType type, Value.Num num, int at) {
        if (pattern) {
            Arrays.fill(image.free, at, at + type.bytes, true);
            image.cells.add(
                    new Image.Cell(
                            at, type, num, num.after() != null ? num.after() : num.before()));
            return;
        }
        long before = num.before() == null ? 0 : variables.eval(num.before());
        type.put(image.bytes, at, before);
        if (num.after() != null) {
            image.cells.add(new Image.Cell(at, type, num, num.after()));
        }
    }

    private void short16(int value) {
        int at = grow(Short.BYTES);
        IntType.I16.put(image.bytes, at, value);
    }

    private void bytes(Value.Bytes bytes) {
        int length = bytes.data().length;
        int at = grow(length * bytes.times());
        for (int i = 0; i < bytes.times(); i++) {
            put(at + i * length, bytes.data());
        }
        if (bytes.terminated()) {
            grow(1);
        }
    }

    private void append(byte[] data) {
        int at = grow(data.length);
        put(at, data);
    }

    private void put(int at, byte[] data) {
        System.arraycopy(data, 0, image.bytes, at, data.length);
    }

    private void inet(Value.Inet inet) {
        Expr port = inet.port();
        if (port == null) {
            append(inet.address());
            return;
        }
        boolean v6 = inet.address().length == 16;
        short16(v6 ? AF_INET6 : AF_INET);
        number(IntType.BE16, Value.Num.of(port));
        grow(v6 ? 4 : 0);
        append(inet.address());
        grow(v6 ? 4 : 8);
    }

    private void buffer(Value.Buffer buffer) {
        int size = (int) variables.eval(buffer.size());
        Image expected = buffer.after() == null ? null : build(buffer.after(), variables, true);
        image.areas.add(new Image.Area(grow(size), size, buffer, expected));
    }

    private void struct(Value.Struct struct) {
        Layouts.Layout layout = Layouts.of(struct.layout());
        int start = grow(layout.bytes());
        if (pattern) {
            Arrays.fill(image.free, start, end, true);
        }
        for (int i = 0; i < struct.fields().size(); i++) {
            String name = struct.names().get(i);
            if (name == null && i >= layout.fields().size()) {
                throw new FactException(struct.layout() + " has fewer fields");
            }
            Layouts.Field field = name == null ? layout.fields().get(i) : layout.field(name);
            field(field, start + field.offset(), struct.fields().get(i));
        }
    }

    private void field(Layouts.Field field, int at, Value value) {
        if (value instanceof Value.Num num) {
            number(field.bytes() == 8 ? IntType.I64 : IntType.of(field.type()), num, at);
            return;
        }
        if (field.type().equals("ptr")) {
            image.links.add(new Image.Link(at, build(value, variables, false)));
            return;
        }
        Image inner = build(value, variables, pattern);
        if (inner.size() > field.bytes()) {
            throw new FactException("what is in field " + field.name() + " is too long for it");
        }
        put(at, inner.bytes);
        System.arraycopy(inner.free, 0, image.free, at, inner.size());
        inner.cells.forEach(
                c ->
                        image.cells.add(
                                new Image.Cell(at + c.offset(), c.type(), c.num(), c.expected())));
    }

    private void fdSet(Value.FdSet set) {
        int at = grow(FD_SET_BYTES);
        put(at, bits(set.before(), variables));
        image.sets.add(new Image.Set(at, set));
    }

    static byte[] bits(java.util.List<Expr> fds, Variables variables) {
        byte[] bits = new byte[FD_SET_BYTES];
        for (Expr fd : fds) {
            int n = (int) variables.eval(fd);
            bits[n / Byte.SIZE] |= (byte) (1 << n % Byte.SIZE);
        }
        return bits;
    }

    private void cmsg(Value.Cmsg cmsg) {
        int header = grow(CMSG_HEADER_BYTES);
        IntType.I32.put(image.bytes, header + 8, variables.eval(cmsg.level()));
        IntType.I32.put(image.bytes, header + 12, variables.eval(cmsg.type()));
        append(cmsg.data());
        IntType.I64.put(image.bytes, header, (long) end - header);
        grow(-end & 7);
    }

    /// For [Renderer]: a field's place in a structure.
    static Layouts.Field field(Value.Struct struct, int index) {
        Layouts.Layout layout = Layouts.of(struct.layout());
        @Nullable String name = struct.names().get(index);
        return name == null ? layout.fields().get(index) : layout.field(name);
    }
}
