package dev.linnet.packetdrill;

import dev.linnet.packetdrill.host.HostTargets;
import java.nio.file.*;
import java.util.*;

public final class Main {
    public static void main(String[] args) throws Exception {
        List<ConfigBuilder.Option> options = new ArrayList<>();
        IpMode mode = null;
        List<Path> scripts = new ArrayList<>();
        for (String a : args) {
            if (a.startsWith("--mode=")) mode = IpMode.of(a.substring(7));
            else if (a.startsWith("--")) options.add(ConfigBuilder.Option.of(a.substring(2)));
            else
                try (var s = Files.walk(Path.of(a))) {
                    s.filter(p -> p.toString().endsWith(".pkt")).sorted().forEach(scripts::add);
                }
        }
        ScriptRunner runner = new ScriptRunner(new HostTargets(), options);
        int failed = 0;
        for (Path p : scripts) {
            RunResult r = runner.run(p, mode);
            System.out.println(r.line());
            System.out.print(r.report());
            failed += r.passed() ? 0 : 1;
        }
        System.out.println((scripts.size() - failed) + " passed, " + failed + " failed");
        System.exit(failed > 0 ? 1 : 0);
    }
}
