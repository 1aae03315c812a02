package dev.linnet.oracle.probe;

import dev.linnet.oracle.target.HostTarget;
import dev.linnet.oracle.target.LinnetTarget;
import dev.linnet.oracle.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Runs a probe on both kernels and tells where they differ.
final class Probes {
    /// Why the host cannot be asked, or the empty text.
    static final String MISSING = HostTarget.missing();

    private Probes() {}

    static List<String> run(Target target, Consumer<Calls> probe) {
        Calls calls = new Calls(target);
        try (target) {
            probe.accept(calls);
            calls.closeAll();
        }
        return calls.log();
    }

    /// Lines that are not the same, with what Linnet and the host said.
    static List<String> differences(Consumer<Calls> probe) throws Exception {
        List<String> host = run(new HostTarget(), probe);
        List<String> linnet = run(new LinnetTarget(), probe);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < Math.max(host.size(), linnet.size()); i++) {
            String h = i < host.size() ? host.get(i) : "nothing";
            String l = i < linnet.size() ? linnet.get(i) : "nothing";
            if (!h.equals(l)) {
                different.add("host   " + h + "\nlinnet " + l);
            }
        }
        return different;
    }
}
