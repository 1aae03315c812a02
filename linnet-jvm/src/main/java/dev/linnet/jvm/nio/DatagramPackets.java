package dev.linnet.jvm.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.DatagramPacket;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// How long a packet is and how much it can hold, which are two things: a packet into which something short was
/// received can hold as much as before the next time.
///
/// `java.net` keeps the second where only it can see it. Under the agent, which opens that package, it is taken from
/// there; otherwise this class remembers what it has changed itself.
final class DatagramPackets {
    /// What a packet could hold before its length was set, valid while nobody has given it other bytes or another
    /// length.
    private record Room(byte[] data, int offset, int length, int room) {
        boolean isOf(DatagramPacket p) {
            boolean same = p.getOffset() == offset && p.getLength() == length;
            return same && p.getData() == data; // the array itself
        }
    }

    private static final @Nullable VarHandle ROOM = handle("bufLength");
    private static final @Nullable VarHandle LENGTH = handle("length");

    /// Guarded by itself; keys are compared by identity because packets have no equality of their own.
    private static final Map<DatagramPacket, Room> ROOMS = new WeakHashMap<>();

    private DatagramPackets() {}

    private static @Nullable VarHandle handle(String field) {
        try {
            return MethodHandles.privateLookupIn(DatagramPacket.class, MethodHandles.lookup())
                    .findVarHandle(DatagramPacket.class, field, int.class);
        } catch (ReflectiveOperationException e) {
            return null; // java.net is closed
        }
    }

    /// The bytes that can be received into it.
    static int room(DatagramPacket p) {
        if (ROOM != null) {
            return (int) ROOM.get(p);
        }
        synchronized (ROOMS) {
            Room known = ROOMS.get(p);
            return known != null && known.isOf(p) ? known.room : p.getLength();
        }
    }

    /// Sets the length to what was received.
    static void setLength(DatagramPacket p, int length) {
        if (LENGTH != null) {
            LENGTH.set(p, length);
            return;
        }
        int room = room(p);
        p.setLength(length);
        synchronized (ROOMS) {
            ROOMS.put(p, new Room(p.getData(), p.getOffset(), length, room));
        }
    }
}
