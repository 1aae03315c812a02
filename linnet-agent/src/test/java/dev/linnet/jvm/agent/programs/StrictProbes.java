package dev.linnet.jvm.agent.programs;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.spi.InetAddressResolver;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// Tries every way from the JDK to the machine's network, past the providers that programs are given. Prints a line for
/// each: its name, and what came of it. Needs packages of `java.base` opened by flags.
public final class StrictProbes {
    private StrictProbes() {}

    public static void main(String[] args) throws Exception {
        Map<String, Callable<Object>> probes = new LinkedHashMap<>();
        probes.put("sun.nio.ch.Net.socket", () -> channels().openSocketChannel());
        probes.put("sun.nio.ch.Net.socket (datagrams)", () -> channels().openDatagramChannel());
        probes.put(
                "sun.nio.ch.Net.socket (asynchronous)",
                () -> asynchronous().openAsynchronousSocketChannel(null));
        probes.put("sun.nio.ch.Net.serverSocket", () -> channels().openServerSocketChannel());
        probes.put(
                "sun.nio.ch.Net.serverSocket (asynchronous)",
                () -> asynchronous().openAsynchronousServerSocketChannel(null));
        probes.put(
                "sun.nio.ch.UnixDomainSockets.socket",
                () -> channels().openSocketChannel(StandardProtocolFamily.UNIX));
        probes.put("sun.net.sdp.SdpSupport.createSocket", StrictProbes::sdp);
        probes.put("sun.nio.ch.sctp.SctpNet.socket", com.sun.nio.sctp.SctpChannel::open);
        probes.put("the JDK's built-in resolver (lookupByName)", StrictProbes::byName);
        probes.put("the JDK's built-in resolver (lookupByAddress)", StrictProbes::byAddress);
        probes.put(
                "the native library netty_transport_native_epoll_x86_64",
                () -> load("netty_transport_native_epoll_x86_64"));
        probes.put("System.inheritedChannel", System::inheritedChannel);
        probes.forEach(StrictProbes::print);
    }

    private static void print(String name, Callable<Object> probe) {
        String result;
        try {
            Object made = probe.call();
            result = "open " + (made == null ? null : made.getClass().getName());
        } catch (Throwable e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            result = cause.getClass().getName() + ": " + cause.getMessage();
        }
        System.out.println(name + " -> " + result);
    }

    private static SelectorProvider channels() throws Exception {
        Class<?> type = Class.forName("sun.nio.ch.DefaultSelectorProvider");
        return (SelectorProvider) type.getMethod("get").invoke(null);
    }

    private static AsynchronousChannelProvider asynchronous() throws Exception {
        Class<?> type = Class.forName("sun.nio.ch.DefaultAsynchronousChannelProvider");
        return (AsynchronousChannelProvider) type.getMethod("create").invoke(null);
    }

    private static Object sdp() throws Exception {
        Class<?> type = Class.forName("sun.net.sdp.SdpSupport");
        Method create = type.getMethod("createSocket");
        return create.invoke(null);
    }

    private static InetAddressResolver resolver() throws Exception {
        Field field = InetAddress.class.getDeclaredField("BUILTIN_RESOLVER");
        field.setAccessible(true);
        return (InetAddressResolver) field.get(null);
    }

    private static Object byName() throws Exception {
        int both = InetAddressResolver.LookupPolicy.IPV4;
        return resolver().lookupByName("localhost", InetAddressResolver.LookupPolicy.of(both));
    }

    private static Object byAddress() throws Exception {
        return resolver().lookupByAddress(new byte[] {127, 0, 0, 1});
    }

    private static Object load(String library) {
        System.loadLibrary(library);
        return library;
    }
}
