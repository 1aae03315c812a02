package dev.linnet.junit;

import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import dev.linnet.sim.Switch;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.SockAddr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The network of a test: its stack, hosts and links by name. Thread-safe.
public final class TestNetwork implements AutoCloseable {
    /// A link or a switch, and the hosts that it joins.
    record Joint(List<String> between, @Nullable Link link, @Nullable Switch lan, String config) {}

    private final Stack stack;
    private final Map<String, Host> hosts;
    private final Map<String, List<InetAddress>> addresses;
    private final List<Joint> joints;
    private final @Nullable Capture capture;
    private final Thread maker = Thread.currentThread();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /// Guarded by itself.
    private final Map<String, JvmHost> jvms = new LinkedHashMap<>();

    private volatile boolean closed;

    TestNetwork(
            Stack stack,
            Map<String, Host> hosts,
            Map<String, List<InetAddress>> addresses,
            List<Joint> joints,
            @Nullable Capture capture) {
        this.stack = stack;
        this.hosts = Map.copyOf(hosts);
        this.addresses = addresses;
        this.joints = joints;
        this.capture = capture;
        stack.setUncaughtExceptionHandler(this::threadFailed);
    }

    private void threadFailed(Thread thread, Throwable e) {
        if (!closed) {
            failures.add(new AssertionError("thread " + thread.getName() + " ended with " + e, e));
        }
    }

    /// The stack that everything is in.
    public Stack stack() {
        return stack;
    }

    /// Names of the hosts, in order.
    public List<String> hostNames() {
        return stack.hosts().stream().map(Host::name).toList();
    }

    /// A host.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public Host host(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException(
                    "there is no host " + name + ", only " + String.join(", ", hostNames()));
        }
        return host;
    }

    /// The JVM as a process on a host: what is run there has its network ([JvmHost#run]), and its factories make
    /// channels and sockets of the host. Always the same one of a host.
    public JvmHost jvm(String name) {
        Host host = host(name);
        synchronized (jvms) {
            return jvms.computeIfAbsent(name, n -> newJvm(host));
        }
    }

    private JvmHost newJvm(Host host) {
        JvmHost jvm = new JvmHost(host);
        addresses.forEach((name, list) -> jvm.names().add(name, list.toArray(InetAddress[]::new)));
        return jvm;
    }

    /// A new process on a host.
    public Task newTask(String host, String name) {
        return host(host).newTask(name);
    }

    /// The first address of a host's first interface; it bears the host's name.
    public InetAddress address(String host) {
        host(host);
        List<InetAddress> all = addresses.getOrDefault(host, List.of());
        if (all.isEmpty()) {
            throw new IllegalArgumentException("host " + host + " has no address");
        }
        return all.getFirst();
    }

    /// The same with a port, for the typed calls.
    public SockAddr address(String host, int port) {
        String text = address(host).getHostAddress();
        return SockAddr.parse((text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port);
    }

    /// The first cable between two hosts.
    ///
    /// @throws IllegalArgumentException if there is none
    public Link link(String a, String b) {
        for (Joint joint : joints) {
            if (joint.link != null && joint.between.containsAll(Set.of(a, b))) {
                return joint.link;
            }
        }
        throw new IllegalArgumentException(
                "there is no link between " + a + " and " + b + "; there is " + describeJoints());
    }

    /// The first switch that joins hosts.
    ///
    /// @throws IllegalArgumentException if there is none
    public Switch lan(String... names) {
        for (Joint joint : joints) {
            if (joint.lan != null && joint.between.containsAll(Set.of(names))) {
                return joint.lan;
            }
        }
        throw new IllegalArgumentException(
                "there is no switch of "
                        + String.join(", ", names)
                        + "; there is "
                        + describeJoints());
    }

    /// What threads that were started on the stack ended with, as far as it is known.
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /// Takes them away.
    List<Throwable> takeFailures() {
        List<Throwable> all = new ArrayList<>();
        for (Throwable e = failures.poll(); e != null; e = failures.poll()) {
            all.add(e);
        }
        return all;
    }

    List<Joint> joints() {
        return joints;
    }

    /// Addresses of each host's first interface.
    Map<String, List<InetAddress>> addresses() {
        return addresses;
    }

    @Nullable Capture capture() {
        return capture;
    }

    /// True if a test got a [JvmHost].
    boolean hasJvms() {
        synchronized (jvms) {
            return !jvms.isEmpty();
        }
    }

    /// The thread that may wait on a network in virtual time.
    Thread maker() {
        return maker;
    }

    String describeJoints() {
        if (joints.isEmpty()) {
            return "nothing";
        }
        List<String> texts = new ArrayList<>();
        for (Joint joint : joints) {
            String line = joint.config.isEmpty() ? " --- " : " --- " + joint.config + " --- ";
            texts.add(String.join(line, joint.between));
        }
        return String.join("; ", texts);
    }

    /// Ends the network: every process, socket and interface of it.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (stack.isVirtual() && Thread.currentThread() == maker) {
            settle();
        }
        List<JvmHost> all;
        synchronized (jvms) {
            all = List.copyOf(jvms.values());
        }
        all.forEach(JvmHost::close);
        stack.close();
        if (capture != null) {
            capture.close();
        }
    }

    /// In virtual time threads do not run any more once this one goes on. So those that can run do it now, and no
    /// packet of the end may reach a socket whose reader would never take it.
    private void settle() {
        try {
            stack.sleep(1);
        } catch (IllegalStateException e) {
            return; // time stands still; the test knows that
        }
        for (Host host : stack.hosts()) {
            host.interfaces().forEach(dev -> host.setUp(dev, false));
        }
    }
}
