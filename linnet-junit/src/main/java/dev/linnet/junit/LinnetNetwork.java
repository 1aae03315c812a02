package dev.linnet.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives a test a network of its own: hosts with addresses and names, and links between them.
///
/// Without anything said there are two hosts, `client` (10.0.0.1) and `server` (10.0.0.2), and a perfect link between
/// them. On a class it is for each of its test methods and those of nested classes; on a method for that one, instead
/// of the class's. Parameters of the test are found by type and name: [dev.linnet.stack.Host],
/// [dev.linnet.jvm.JvmHost], [dev.linnet.stack.Task], [dev.linnet.sim.Link], [dev.linnet.sim.Switch],
/// [dev.linnet.stack.Stack], [TestNetwork]; see [On].
///
/// At the end everything is closed, and it is checked that no packet or page is left over and that no thread of the
/// stack's ended with an exception. When the test fails, a report hangs on its exception as a suppressed one: the seed,
/// the sockets, the counters that moved, and where the capture is.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@ExtendWith(LinnetExtension.class)
public @interface LinnetNetwork {
    /// What the network's clock is.
    enum Time {
        /// The machine's. Any thread and any code may use the network.
        REAL,

        /// One that jumps when every thread waits; the same seed gives the same run. Threads that wait on the network
        /// are the test's own and those of [dev.linnet.stack.Stack#start] and [dev.linnet.jvm.JvmHost#start].
        VIRTUAL
    }

    /// How long a network lives.
    enum Scope {
        /// For one test method, or one invocation of it.
        METHOD,

        /// For all test methods of the class and its nested classes.
        CLASS
    }

    /// The hosts. None: those that the links name, in that order; if there are no links either, `client` and `server`.
    LinnetHost[] hosts() default {};

    /// What joins them. None: all hosts are on one network, with [#link] between them.
    LinnetLink[] links() default {};

    /// What happens to packets on a link that does not say it itself, as [dev.linnet.sim.LinkConfig#parse] reads it,
    /// for example `delay=20ms,loss=1%`.
    String link() default "";

    /// Settings of every host, for example `net.ipv4.tcp_sack=0`. A host's own come after them.
    String[] sysctls() default {};

    /// The host that the test itself runs on, as by [dev.linnet.jvm.JvmHost#run]: its method, and those before and
    /// after it. Empty: none, and what such a method opens by itself belongs to the machine's network.
    String on() default "";

    /// What all random numbers of the network come from. 0: the configuration parameter `linnet.seed`, or else another
    /// one in each run. A failing test says which it was.
    long seed() default 0;

    /// What the network's clock is.
    Time time() default Time.REAL;

    /// How long the network lives; only on a class.
    Scope scope() default Scope.METHOD;

    /// How much of the captured packets is kept for a failing test, MiB, 0 to 1024; 0 captures nothing. The oldest go
    /// first.
    int captureMiB() default 16;

    /// Whether descriptors that the test left open make it fail.
    boolean mustClose() default false;

    /// Whether the test needs the agent: it lets code open sockets that knows nothing of Linnet. Without the agent it
    /// then fails at once, and says how to add it.
    boolean agent() default false;
}
