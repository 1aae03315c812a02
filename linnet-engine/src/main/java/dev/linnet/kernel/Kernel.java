package dev.linnet.kernel;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the Linux function, struct or macro whose place the annotated element takes, as a reader
/// of the kernel would search for it: `@Kernel("tcp_ack")`. Several names where Linux splits what
/// is one thing here: `@Kernel({"tcp_v4_rcv", "tcp_v6_rcv"})`.
///
/// `docs/internals/linux-map.md` is generated from these annotations, so a reader who knows a name
/// of Linux finds its place here. The annotation claims the same task, not the same code.
///
/// Kept at run time because of the tracer: of a class that is loaded already, the JVM gives it the class
/// file without the annotations that are not.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({
    ElementType.TYPE,
    ElementType.METHOD,
    ElementType.CONSTRUCTOR,
    ElementType.FIELD,
    ElementType.PACKAGE
})
public @interface Kernel {
    /// The names in Linux, each without parentheses or arguments.
    String[] value();
}
