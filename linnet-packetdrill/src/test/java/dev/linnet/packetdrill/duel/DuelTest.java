package dev.linnet.packetdrill.duel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostCapabilities;
import dev.linnet.packetdrill.duel.Duel.Story;
import dev.linnet.packetdrill.host.HostTargets;
import dev.linnet.packetdrill.linnet.LinnetTargets;
import dev.linnet.packetdrill.target.TargetFactory;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Random scripts, from seeds, that the kernel of this machine and Linnet must live through alike: the
/// same packets, results, `tcp_info` and counters.
///
/// The kernel's time is real and its timers are coarser than Linnet's (D-001, D-002), so that now and
/// then one fires on the other side of an action. Therefore a script gets several attempts, with other
/// pauses; what really differs does so in each.
///
/// `-Dlinnet.duel.seeds=FROM:COUNT` and `-Dlinnet.duel.steps=N` run others.
class DuelTest {
    private static final int ATTEMPTS = 6;
    private static final String[] SEEDS =
            System.getProperty("linnet.duel.seeds", "1:10").split(":", -1);
    private static final int STEPS = Integer.getInteger("linnet.duel.steps", 12);

    @TestFactory
    Stream<DynamicTest> linnetIsLikeTheKernel() {
        assumeTrue(HostCapabilities.canUseTun(), "needs root, for TUN");
        HostTargets host = new HostTargets();
        long from = Long.parseLong(SEEDS[0]);
        return LongStream.range(from, from + Long.parseLong(SEEDS[1]))
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> alike(host, seed)));
    }

    private static void alike(TargetFactory host, long seed) throws InterruptedException {
        List<String> difference = List.of();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            difference = difference(host, seed, attempt);
            if (difference.isEmpty()) {
                return;
            }
        }
        assertThat(difference).as("seed %d, kernel first, Linnet second", seed).isEmpty();
    }

    private static List<String> difference(TargetFactory host, long seed, int attempt)
            throws InterruptedException {
        Duel duel = new Duel(seed, STEPS, attempt);
        Story kernel = duel.run(host, made -> {});
        return Duel.difference(kernel, duel.run(new LinnetTargets(), made -> {}));
    }

    /// A duel that never finds anything would be worth nothing: here the second one has another
    /// script.
    @Test
    void differencesAreFound() throws InterruptedException {
        Story one = new Duel(1, STEPS, 0).run(new LinnetTargets(), made -> {});
        Story other = new Duel(3, STEPS, 0).run(new LinnetTargets(), made -> {});
        assertThat(Duel.difference(one, other)).isNotEmpty();
        assertThat(Duel.difference(one, one)).isEmpty();
    }
}
