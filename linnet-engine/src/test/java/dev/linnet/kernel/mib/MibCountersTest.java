package dev.linnet.kernel.mib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Counting: every counter has a place of its own, and nothing is lost.
class MibCountersTest {
    @Test
    void everyCounterHasItsOwnPlace() {
        Set<Integer> places = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Mib counter : MibLayout.all()) {
            assertThat(places.add(counter.index())).as(counter.nstatName()).isTrue();
            assertThat(names.add(counter.nstatName())).as(counter.nstatName()).isTrue();
            assertThat(counter.index()).isBetween(0, MibLayout.SIZE - 1);
            assertThat(counter.meaning()).isNotBlank();
        }
        assertThat(places).hasSize(267);
    }

    @Test
    void threadsOnOneStripeLoseNothing() throws InterruptedException {
        MibCounters mib = new MibCounters(1);
        Thread[] threads = new Thread[4];
        int each = 100_000;
        for (int t = 0; t < threads.length; t++) {
            int stripe = t;
            threads[t] =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            mib.inc(stripe, TcpExt.TCPDELIVERED);
                                            mib.inc(IpMib.INPKTS);
                                            mib.add(stripe, IpMib.INOCTETS, 3);
                                        }
                                    });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long total = (long) each * threads.length;
        assertThat(mib.get(TcpExt.TCPDELIVERED)).isEqualTo(total);
        assertThat(mib.get(IpMib.INPKTS)).isEqualTo(total);
        assertThat(mib.get(IpMib.INOCTETS)).isEqualTo(3 * total);
    }

    @Test
    void stripesAddUpAndAnyNumberNamesOne() {
        MibCounters mib = new MibCounters(3);
        for (int stripe : new int[] {0, 1, 2, 3, 4, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            mib.inc(stripe, UdpLite6Mib.MEMERRORS);
            mib.inc(stripe, TcpMib.RTOALGORITHM);
        }
        assertThat(mib.get(UdpLite6Mib.MEMERRORS)).isEqualTo(8);
        assertThat(mib.get(TcpMib.RTOALGORITHM)).isEqualTo(9);
        for (Mib counter : MibLayout.all()) {
            if (counter != UdpLite6Mib.MEMERRORS && counter.group() != MibGroup.TCP) {
                assertThat(mib.get(counter)).as(counter.nstatName()).isZero();
            }
        }
    }

    @Test
    void snapshotsDifferInWhatWasCounted() {
        MibCounters mib = new MibCounters(2);
        mib.inc(0, TcpMib.ACTIVEOPENS);
        MibSnapshot before = mib.snapshot();
        mib.inc(1, TcpMib.ACTIVEOPENS);
        mib.inc(1, TcpMib.CURRESTAB);
        mib.icmpMsg().in(3);
        mib.icmp6Msg().out(128);
        MibSnapshot between = mib.snapshot();
        mib.dec(TcpMib.CURRESTAB);
        assertThat(between.since(before))
                .containsExactly(
                        Map.entry("TcpActiveOpens", 1L),
                        Map.entry("TcpCurrEstab", 1L),
                        Map.entry("IcmpMsgInType3", 1L),
                        Map.entry("Icmp6OutType128", 1L));
        assertThat(mib.snapshot().since(between)).containsOnlyKeys("TcpCurrEstab");
        assertThat(mib.snapshot().get("TcpMaxConn")).isEqualTo(-1);
        assertThat(mib.snapshot().get("TcpExtNoSuchCounter")).isZero();
    }
}
