package dev.linnet.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Functions of the C library, linked. The one place that uses the restricted methods of
/// `java.lang.foreign`, for which this module needs native access.
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    private LibC() {}

    /// A function that every C library has.
    @SuppressWarnings("restricted")
    static MethodHandle link(
            String function, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(function);
        return LINKER.downcallHandle(address, descriptor, options);
    }

    /// A function that this C library may lack; null if it does.
    static @Nullable MethodHandle linkIfPresent(String function, FunctionDescriptor descriptor) {
        return LINKER.defaultLookup().find(function).isPresent()
                ? link(function, descriptor)
                : null;
    }

    /// Where a function is.
    static MemorySegment address(String function) {
        return LINKER.defaultLookup().findOrThrow(function);
    }

    /// Memory that was mapped by a system call.
    @SuppressWarnings("restricted")
    static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// Reads a C string that the library owns.
    ///
    /// @param bytesMax more than its length
    @SuppressWarnings("restricted")
    static String string(MemorySegment pointer, long bytesMax) {
        return pointer.reinterpret(bytesMax).getString(0);
    }
}
