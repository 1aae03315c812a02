package dev.linnet.packetdrill.syscall;

import java.util.function.LongConsumer;

/// A system call that is ready to be made.
///
/// @param nr the number on x86-64
/// @param args up to six words
/// @param returnsDescriptor the script's result is its own number for a new descriptor; any
///     descriptor of the kernel will do
/// @param finish takes the result once it is known to be as expected; checks what the call wrote,
///     remembers what it made
public record PreparedCall(int nr, Words args, boolean returnsDescriptor, LongConsumer finish) {
    /// The six words of a call.
    public record Words(long a0, long a1, long a2, long a3, long a4, long a5) {}

    static PreparedCall of(int nr, long... args) {
        return new PreparedCall(nr, words(args), false, _ -> {});
    }

    /// The same call with something to do when it has returned as expected.
    PreparedCall then(LongConsumer finish) {
        return new PreparedCall(nr, args, returnsDescriptor, finish);
    }

    /// The same call, which makes a descriptor that is handed on if it is not an error.
    PreparedCall thenDescriptor(LongConsumer finish) {
        return new PreparedCall(
                nr,
                args,
                true,
                result -> {
                    if (result >= 0) {
                        finish.accept(result);
                    }
                });
    }

    private static Words words(long[] args) {
        long[] six = new long[6];
        System.arraycopy(args, 0, six, 0, args.length);
        return new Words(six[0], six[1], six[2], six[3], six[4], six[5]);
    }
}
