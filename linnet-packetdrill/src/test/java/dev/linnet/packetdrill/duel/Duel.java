package dev.linnet.packetdrill.duel;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.ConfigBuilder;
import dev.linnet.packetdrill.IpMode;
import dev.linnet.packetdrill.duel.DuelInfo.Line;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.TargetFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The same random script on two kernels. The first runs in its own time; the second is made to do
/// everything at the same moments.
final class Duel {
    private final long seed;
    private final int steps;
    private final int attempt;
    private final List<Long> times = new ArrayList<>();

    Duel(long seed, int steps, int attempt) {
        this.seed = seed;
        this.steps = steps;
        this.attempt = attempt;
    }

    /// What happened on one of the two.
    ///
    /// @param moments of each line, when its packets were sent
    record Story(List<Line> lines, List<String> moments) {}

    /// Runs the script on a kernel; the one that is first sets the times.
    ///
    /// @param made called with the kernel before anything happens
    Story run(TargetFactory targets, Consumer<DuelKernel> made) throws InterruptedException {
        boolean again = !times.isEmpty();
        IpMode mode = seed % 2 == 0 ? IpMode.IPV4 : IpMode.IPV6;
        Config config = ConfigBuilder.build(mode, List.of(), List.of());
        List<Story> result = new ArrayList<>();
        Thread thread =
                new Thread(
                        () -> {
                            try (Target target = targets.open(config, Path.of("."))) {
                                boolean onHost = targets.name().equals("host");
                                DuelKernel kernel = new DuelKernel(target, onHost, times, again);
                                made.accept(kernel);
                                DuelScript script =
                                        new DuelScript(
                                                kernel,
                                                config.localIp(),
                                                config.remoteIp(),
                                                seed,
                                                attempt);
                                script.run(steps);
                                result.add(new Story(script.lines(), script.moments()));
                            }
                        },
                        "duel-" + targets.name());
        thread.start();
        thread.join();
        return result.getFirst();
    }

    /// Where two stories part, with the lines before; empty if they do not.
    static List<String> difference(Story a, Story b) {
        int n = Math.min(a.lines.size(), b.lines.size());
        int i = 0;
        while (i < n && a.lines.get(i).agrees(b.lines.get(i))) {
            i++;
        }
        if (i == n && a.lines.size() == b.lines.size()) {
            return List.of();
        }
        List<String> text = new ArrayList<>();
        text.add(a.lines.getFirst().text());
        text.add(a.lines.get(Math.min(1, n - 1)).text());
        for (int j = Math.max(2, i - 4); j < i; j++) {
            text.add("both   " + a.lines.get(j).text());
            text.add("       sent at " + a.moments.get(j) + " / " + b.moments.get(j));
        }
        text.add("first  " + (i < a.lines.size() ? a.lines.get(i) : "nothing"));
        text.add("second " + (i < b.lines.size() ? b.lines.get(i) : "nothing"));
        if (i < n) {
            text.add("       sent at " + a.moments.get(i) + " / " + b.moments.get(i));
            text.add("apart  " + a.lines.get(i).apart(b.lines.get(i)));
        }
        return text;
    }
}
