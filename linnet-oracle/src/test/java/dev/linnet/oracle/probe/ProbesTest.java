package dev.linnet.oracle.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Linnet and the host answer all calls of a probe in the same way.
class ProbesTest {
    private record Probe(String name, Consumer<Calls> calls) {}

    private static final List<Probe> PROBES =
            List.of(
                    new Probe("every option", OptionProbe::run),
                    new Probe("every flag of send", FlagsProbe::sending),
                    new Probe("every flag of recv", FlagsProbe::receiving),
                    new Probe("control messages to send", SendCmsgProbe::run),
                    new Probe("control messages that are asked for", ReceiveCmsgProbe::each),
                    new Probe("room for control messages", ReceiveCmsgProbe::all),
                    new Probe("control messages seen by the receiver", ReceiveCmsgProbe::seen),
                    new Probe("urgent data", UrgentProbe::run),
                    new Probe("errors of closed ports", ErrorQueueProbe::closedPorts),
                    new Probe("datagrams that are too long", ErrorQueueProbe::lengths),
                    new Probe("times of what was sent", ErrorQueueProbe::times),
                    new Probe("options after options", RandomOptionProbe::asRoot),
                    new Probe("options after options, as a user", RandomOptionProbe::asUser),
                    new Probe("times as structures", WaitingProbe::structures),
                    new Probe("time limits", WaitingProbe::limits),
                    new Probe("low-water marks", WaitingProbe::lowWater),
                    new Probe("peeking further and further", WaitingProbe::peeking),
                    new Probe("lingering", WaitingProbe::lingering),
                    new Probe("packet filters", FilterProbe::run),
                    new Probe("groups of IPv4", GroupProbe::ipv4),
                    new Probe("groups of IPv6", GroupProbe::ipv6),
                    new Probe("flow labels", FlowLabelProbe::run));

    @TestFactory
    Stream<DynamicTest> probes() {
        return PROBES.stream().map(p -> DynamicTest.dynamicTest(p.name, () -> run(p.calls)));
    }

    private static void run(Consumer<Calls> probe) throws Exception {
        if (!Probes.MISSING.isEmpty()) {
            abort("there is no host to compare with: " + Probes.MISSING);
        }
        List<String> different = new ArrayList<>(Probes.differences(probe));
        assertThat(different).isEmpty();
    }
}
