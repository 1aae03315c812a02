package dev.linnet.jvm.agent;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What became of the JDK's classes when `linnet.jar` was made: the bytes before and after. Where the JDK that runs
/// gives the same bytes, nothing has to be computed at start-up. A class may be there twice, because the JVM gives a
/// class that it has loaded in other words than its file.
final class Recorded {
    /// Its name in `linnet.jar`.
    static final String FILE = "META-INF/linnet/rewritten";

    private record Pair(byte[] before, byte[] after) {}

    private final Map<String, List<Pair>> classes = new LinkedHashMap<>();

    /// Reads what [#write] has written.
    static Recorded read(byte[] content) throws IOException {
        Recorded recorded = new Recorded();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        while (in.available() > 0) {
            String name = in.readUTF();
            recorded.add(name, bytes(in), bytes(in));
        }
        return recorded;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    void add(String name, byte[] before, byte[] after) {
        List<Pair> pairs = classes.get(name);
        if (pairs == null) {
            pairs = new ArrayList<>(2);
            classes.put(name, pairs);
        }
        pairs.add(new Pair(before, after));
    }

    void write(DataOutputStream out) throws IOException {
        for (Map.Entry<String, List<Pair>> each : classes.entrySet()) {
            for (Pair pair : each.getValue()) {
                out.writeUTF(each.getKey());
                out.writeInt(pair.before.length);
                out.write(pair.before);
                out.writeInt(pair.after.length);
                out.write(pair.after);
            }
        }
    }

    /// The classes.
    Set<String> names() {
        return classes.keySet();
    }

    /// What becomes of a class; null if it is not the one that was recorded.
    byte @Nullable [] after(String name, byte[] before) {
        List<Pair> pairs = classes.get(name);
        if (pairs != null) {
            for (Pair pair : pairs) {
                if (Arrays.equals(pair.before, before)) {
                    return pair.after;
                }
            }
        }
        return null;
    }
}
