package dev.linnet.net.core;

import dev.linnet.kernel.Kernel;
import java.util.concurrent.atomic.AtomicLong;

/// The random numbers of one namespace: initial sequence numbers, ports, keys, jitter.
///
/// Drawn from a seed (xorshift-multiply over a counter), so that a run in virtual time can be
/// repeated; with real time the seed comes from the system's secure generator. Safe from any thread.
public final class NetRandom {
    private final AtomicLong state;

    public NetRandom(long seed) {
        this.state = new AtomicLong(seed);
    }

    /// 64 random bits (SplitMix64).
    public long nextLong() {
        long z = state.addAndGet(0x9E3779B97F4A7C15L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// 32 random bits (`get_random_u32`).
    @Kernel("prandom_u32")
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /// A number from 0 to `bound` - 1 (`get_random_u32_below`).
    public int below(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /// A generator of its own whose numbers do not depend on who else draws from this one later.
    public NetRandom fork() {
        return new NetRandom(nextLong());
    }
}
