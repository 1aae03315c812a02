package dev.linnet.contract;

import java.util.ArrayList;
import java.util.List;

/// The cases, in the order in which they were added.
final class Suite {
    /// What a case does.
    @FunctionalInterface
    interface Body {
        void run(Trace t) throws Exception;
    }

    /// A case.
    ///
    /// @param virtual whether it and the threads that it starts are virtual
    /// @param alone whether nothing else may run beside it
    record Case(String name, boolean virtual, boolean alone, Body body) {}

    private final List<Case> cases = new ArrayList<>();
    private final String area;

    private Suite(String area) {
        this.area = area;
    }

    /// A case on a platform thread.
    void add(String name, Body body) {
        cases.add(new Case(area + "." + name, false, false, body));
    }

    /// The same on platform threads and on virtual threads.
    void both(String name, Body body) {
        cases.add(new Case(area + "." + name, false, false, body));
        cases.add(new Case(area + "." + name + " (virtual)", true, false, body));
    }

    /// A case with nothing beside it: it uses a port or a group that others might use, too.
    void alone(String name, Body body) {
        cases.add(new Case(area + "." + name, false, true, body));
    }

    @FunctionalInterface
    private interface Part {
        void addTo(Suite suite);
    }

    /// All cases.
    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        part(all, "sc", SocketChannelCases::addTo);
        part(all, "connect", ConnectCases::addTo);
        part(all, "close", AsyncCloseCases::addTo);
        part(all, "selector", SelectorCases::addTo);
        part(all, "ready", ReadyCases::addTo);
        part(all, "datagram", DatagramCases::addTo);
        part(all, "multicast", MulticastCases::addTo);
        part(all, "pipe", PipeCases::addTo);
        part(all, "unix", UnixCases::addTo);
        part(all, "option", OptionCases::addTo);
        part(all, "adaptor", AdaptorCases::addTo);
        part(all, "socket", SocketCases::addTo);
        part(all, "socket", SocketEndCases::addTo);
        part(all, "server socket", ServerSocketCases::addTo);
        part(all, "datagram socket", DatagramSocketCases::addTo);
        part(all, "async", AsyncCases::addTo);
        part(all, "async", AsyncEndCases::addTo);
        part(all, "address", AddressCases::addTo);
        part(all, "file", FileCases::addTo);
        part(all, "random", RandomCases::addTo);
        part(all, "random", RandomSocketCases::addTo);
        part(all, "race", RaceCases::addTo);
        return all;
    }

    private static void part(List<Case> all, String area, Part part) {
        Suite suite = new Suite(area);
        part.addTo(suite);
        all.addAll(suite.cases);
    }
}
