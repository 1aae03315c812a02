package dev.linnet.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.KernelTrace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.ipv4.FibTable;
import dev.linnet.net.ipv4.RouteInput;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A woven class does what it did, passes the JVM's verifier, and tells of its named functions.
class WeaverTest {
    /// What gets woven; the tests call the woven twin, never this class.
    @SuppressWarnings("unused") // through reflection
    public static final class Subject {
        public Subject() {}

        @Kernel("the_void")
        public void nothing() {}

        @Kernel("the_long")
        public static long sum(long a, int[] parts, String text, double d) {
            long total = a + (long) d + text.length();
            for (int part : parts) {
                if (part < 0) {
                    return -1; // the first of two ends
                }
                total += part;
            }
            return total;
        }

        @Kernel({"the_double", "another_name"})
        public double half(double value) {
            return value / 2;
        }

        @Kernel("the_object")
        public static String choose(int which) {
            return switch (which) {
                case 0 -> "zero";
                case 1 -> "one";
                default -> throw new IllegalArgumentException("which");
            };
        }

        @Kernel("the_int")
        public static int guarded(Object lock, int value) {
            synchronized (lock) {
                try {
                    return 10 / value;
                } catch (ArithmeticException e) {
                    return -1;
                } finally {
                    lock.notifyAll();
                }
            }
        }

        @Kernel("the_outer")
        public double outer() {
            nothing();
            return half(3);
        }

        public static int unnamed() {
            return 7;
        }
    }

    private static final class Unnamed {}

    /// Defines one class from given bytes, and knows nothing else of its own.
    private static final class Loader extends ClassLoader {
        private final byte[] bytes;

        Loader(byte[] bytes) {
            super(WeaverTest.class.getClassLoader());
            this.bytes = bytes;
        }

        Class<?> define() {
            return defineClass(Subject.class.getName(), bytes, 0, bytes.length);
        }
    }

    private final List<String> events = new ArrayList<>();
    private final List<@Nullable Object> subjects = new ArrayList<>();
    private final Class<?> woven = new Loader(Weaver.weave(bytes(Subject.class))).define();

    @BeforeEach
    void listen() {
        KernelTrace.listen(
                new KernelTrace.Listener() {
                    @Override
                    public void enter(String function, @Nullable Object subject) {
                        events.add("> " + function);
                        subjects.add(subject);
                    }

                    @Override
                    public void exit(String function, @Nullable Object subject) {
                        events.add("< " + function);
                        subjects.add(subject);
                    }
                });
    }

    @AfterEach
    void stopListening() {
        KernelTrace.listen(null);
    }

    private static byte[] bytes(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Object call(@Nullable Object target, String name, Object... arguments)
            throws Exception {
        Method method =
                Arrays.stream(woven.getMethods())
                        .filter(m -> m.getName().equals(name))
                        .findFirst()
                        .orElseThrow();
        return method.invoke(target, arguments);
    }

    private Object made() throws Exception {
        return woven.getConstructor().newInstance();
    }

    @Test
    void theWovenClassIsVerified() {
        assertThat(woven).isNotSameAs(Subject.class);
        assertThat(ClassFile.of().verify(Weaver.weave(bytes(Subject.class)))).isEmpty();
    }

    @Test
    void aVoidFunctionOfAnObjectTellsTheObject() throws Exception {
        Object target = made();
        call(target, "nothing");
        assertThat(events).containsExactly("> the_void", "< the_void");
        assertThat(subjects).containsExactly(target, target);
    }

    /// The subject stands after a `long`, which takes two slots, and an array, which is none.
    @Test
    void aStaticFunctionTellsItsFirstObjectAtEachOfItsEnds() throws Exception {
        assertThat(call(null, "sum", 1L, new int[] {2, 3}, "four", 5.9)).isEqualTo(15L);
        assertThat(call(null, "sum", 1L, new int[] {2, -3}, "four", 5.9)).isEqualTo(-1L);
        assertThat(events).containsExactly("> the_long", "< the_long", "> the_long", "< the_long");
        assertThat(subjects).containsOnly("four");
    }

    @Test
    void ofSeveralNamesTheFirstIsTold() throws Exception {
        assertThat(call(made(), "half", 5.0)).isEqualTo(2.5);
        assertThat(events).containsExactly("> the_double", "< the_double");
    }

    @Test
    void aStaticFunctionWithoutAnObjectHasNoSubject() throws Exception {
        assertThat(call(null, "choose", 0)).isEqualTo("zero");
        assertThat(call(null, "choose", 1)).isEqualTo("one");
        assertThat(subjects).hasSize(4).containsOnlyNulls();
    }

    @Test
    void aFunctionThatThrowsHasNoExit() {
        assertThatThrownBy(() -> call(null, "choose", 2))
                .isInstanceOf(InvocationTargetException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(events).containsExactly("> the_object");
    }

    @Test
    void handlersAndMonitorsStayWhole() throws Exception {
        Object lock = new Object();
        assertThat(call(null, "guarded", lock, 5)).isEqualTo(2);
        assertThat(call(null, "guarded", lock, 0)).isEqualTo(-1);
        assertThat(events).containsExactly("> the_int", "< the_int", "> the_int", "< the_int");
        assertThat(Thread.holdsLock(lock)).isFalse();
    }

    @Test
    void callsNest() throws Exception {
        assertThat(call(made(), "outer")).isEqualTo(1.5);
        assertThat(events)
                .containsExactly(
                        "> the_outer",
                        "> the_void",
                        "< the_void",
                        "> the_double",
                        "< the_double",
                        "< the_outer");
    }

    @Test
    void aFunctionWithoutANameTellsNothing() throws Exception {
        assertThat(call(null, "unnamed")).isEqualTo(7);
        assertThat(events).isEmpty();
    }

    @Test
    void aClassWithoutNamesIsLeftAlone() {
        byte[] before = bytes(Unnamed.class);
        assertThat(Weaver.weave(before)).isSameAs(before);
    }

    @Test
    void withoutAListenerNothingIsTold() throws Exception {
        KernelTrace.listen(null);
        assertThat(call(made(), "outer")).isEqualTo(1.5);
        assertThat(events).isEmpty();
    }

    /// The classes that are woven when a packet is traced.
    @Test
    void classesOfTheEngineStayValid() {
        List<Class<?>> classes =
                List.of(SkBuff.class, Sock.class, RouteInput.class, FibTable.class);
        for (Class<?> type : classes) {
            byte[] result = Weaver.weave(bytes(type));
            assertThat(result.length).as(type.getName()).isGreaterThan(bytes(type).length);
            assertThat(ClassFile.of().verify(result)).as(type.getName()).isEmpty();
        }
    }
}
