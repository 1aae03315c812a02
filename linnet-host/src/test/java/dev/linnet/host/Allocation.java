package dev.linnet.host;

import java.lang.reflect.Method;

/// Counts the bytes that the calling thread allocates on the Java heap.
///
/// By reflection, because the module under test does not read `jdk.management`.
final class Allocation {
    private static final Object BEAN = bean();
    private static final Method ALLOCATED = method();

    private Allocation() {}

    /// Bytes that this thread has allocated since it started.
    static long bytes() {
        try {
            return (long) ALLOCATED.invoke(BEAN);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object bean() {
        try {
            return Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Method method() {
        try {
            return Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getCurrentThreadAllocatedBytes");
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
