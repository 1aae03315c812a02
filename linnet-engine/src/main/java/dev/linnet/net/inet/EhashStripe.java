package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.net.core.sock.SockCommon;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the small hash tables that make up an [InetEhash].
///
/// Writers hold this object's monitor. Readers walk the chains without it. An entry that is taken
/// out keeps its link, so that a reader standing on it goes on in the right chain; only if it is put
/// into another chain meanwhile, or the table grows, can a reader lose its way. [#version] changes
/// in both cases, so a reader that found nothing looks whether it did and then walks again. An odd
/// version means that the table is being rebuilt.
final class EhashStripe {
    private static final int INITIAL_SIZE = 8;
    private static final int LOCK_FREE_TRIES = 4;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(SockCommon[].class);

    private volatile SockCommon[] table = new SockCommon[INITIAL_SIZE];
    private volatile int version;
    private volatile int size;

    int size() {
        return size;
    }

    @HotPath
    @Nullable SockCommon find(
            int hash,
            long laddrHi,
            long laddrLo,
            int lport,
            long faddrHi,
            long faddrLo,
            int fport,
            int dif) {
        for (int i = 0; i < LOCK_FREE_TRIES; i++) {
            int before = version;
            SockCommon sk = walk(hash, laddrHi, laddrLo, lport, faddrHi, faddrLo, fport, dif);
            if (sk != null || ((before & 1) == 0 && before == version)) {
                return sk;
            }
        }
        synchronized (this) {
            return walk(hash, laddrHi, laddrLo, lport, faddrHi, faddrLo, fport, dif);
        }
    }

    @HotPath
    @Nullable SockCommon walk(
            int hash,
            long laddrHi,
            long laddrLo,
            int lport,
            long faddrHi,
            long faddrLo,
            int fport,
            int dif) {
        SockCommon[] slots = table;
        SockCommon sk = (SockCommon) SLOTS.getAcquire(slots, slot(hash, slots.length));
        while (sk != null) {
            if (sk.hash == hash
                    && sk.faddrEquals(faddrHi, faddrLo, fport)
                    && sk.laddrEquals(laddrHi, laddrLo, lport)
                    && (sk.boundDevIf == 0 || sk.boundDevIf == dif)) {
                return sk;
            }
            sk = sk.hashNext;
        }
        return null;
    }

    /// Puts an entry in; the monitor is held.
    void add(SockCommon sk) {
        assert !sk.hashed : "hashed twice";
        count(1);
        if (size > table.length) {
            grow();
        }
        SockCommon[] slots = table;
        int i = slot(sk.hash, slots.length);
        sk.hashNext = (SockCommon) SLOTS.get(slots, i);
        sk.hashed = true;
        SLOTS.setRelease(slots, i, sk);
    }

    /// Takes an entry out; the monitor is held and the entry is in.
    void remove(SockCommon sk) {
        SockCommon[] slots = table;
        int i = slot(sk.hash, slots.length);
        SockCommon at = slots[i];
        if (at == sk) {
            SLOTS.setRelease(slots, i, sk.hashNext);
        } else {
            while (at != null && at.hashNext != sk) {
                at = at.hashNext;
            }
            assert at != null : "marked as hashed but not in its chain";
            at.hashNext = sk.hashNext;
        }
        sk.hashed = false;
        count(-1);
        touch(2);
    }

    /// The monitor makes this the only writer.
    private void count(int delta) {
        int n = size + delta;
        size = n;
    }

    private void touch(int by) {
        int v = version + by;
        version = v;
    }

    private void grow() {
        touch(1);
        SockCommon[] old = table;
        SockCommon[] slots = new SockCommon[old.length * 2];
        for (SockCommon head : old) {
            SockCommon sk = head;
            while (sk != null) {
                SockCommon next = sk.hashNext;
                int i = slot(sk.hash, slots.length);
                sk.hashNext = slots[i];
                slots[i] = sk;
                sk = next;
            }
        }
        table = slots;
        touch(1);
    }

    synchronized List<SockCommon> snapshot() {
        List<SockCommon> list = new ArrayList<>(size);
        for (SockCommon head : table) {
            for (SockCommon sk = head; sk != null; sk = sk.hashNext) {
                list.add(sk);
            }
        }
        return list;
    }

    @HotPath
    private static int slot(int hash, int length) {
        return hash >>> InetEhash.STRIPE_BITS & length - 1;
    }
}
