package dev.linnet.fs;

import dev.linnet.kernel.Kernel;

/// What a splice out of a pipe does with the bytes (`splice_actor`).
@FunctionalInterface
@Kernel("splice_actor")
public interface SpliceActor {
    /// Takes bytes from the front of the pieces: how many, 0 or `-errno` to end with.
    long take(PipePieces pieces);
}
