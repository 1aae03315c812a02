package dev.linnet.kernel.mib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sysctl.HostNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The files under `/proc/net` have the kernel's text, byte for byte: counters are set to what a kernel
/// file says, and the file that we make of them must be the same.
class ProcNetTest {
    /// Multipath TCP is not part of this stack.
    private static final Pattern NOT_OURS = Pattern.compile("(?m)^MPTcpExt: .*\n");

    @Test
    void filesAreThoseOfTheKernelOfThisMachine() {
        try (HostNamespace host = HostNamespace.openOrSkip()) {
            compareAll(file -> host.read("/proc/net/" + file).text());
            host.traffic();
            compareAll(file -> host.read("/proc/net/" + file).text());
            assertThat(host.read("/proc/net/snmp").text()).contains("IcmpMsg: InType3 OutType3\n");
        }
    }

    @Test
    void filesAreThoseRecordedFromLinux618() {
        compareAll(ProcNetTest::recorded);
    }

    @Test
    void typesOfIcmpMessagesStandSixteenToALine() {
        MibCounters mib = new MibCounters(1);
        for (int type = 0; type < 17; type++) {
            mib.icmpMsg().in(type);
        }
        mib.icmpMsg().out(255);
        assertThat(ProcNet.snmp(mib, false, 64))
                .contains("InType15\nIcmpMsg: 1 1 ")
                .contains(" 1\nIcmpMsg: InType16 OutType255\nIcmpMsg: 1 1\nTcp: ");
        assertThat(ProcNet.snmp(mib, true, 7)).startsWith("Ip: Forwarding DefaultTTL In");
        assertThat(ProcNet.snmp(mib, true, 7)).contains("\nIp: 1 7 0 0 ");
    }

    private interface Source {
        String text(String file);
    }

    private static void compareAll(Source source) {
        MibCounters mib = new MibCounters(2);
        String snmp = source.text("snmp");
        String netstat = NOT_OURS.matcher(source.text("netstat")).replaceAll("");
        String snmp6 = source.text("snmp6");
        fill(mib, values(snmp + netstat + snmp6));
        assertThat(ProcNet.snmp(mib, false, 64)).isEqualTo(snmp);
        assertThat(ProcNet.netstat(mib)).isEqualTo(netstat);
        assertThat(ProcNet.snmp6(mib)).isEqualTo(snmp6);
    }

    /// Reads both forms, pairs of lines and one name per line, into the names of nstat.
    private static Map<String, Long> values(String text) {
        Map<String, Long> values = new HashMap<>();
        Matcher pairs = Pattern.compile("(?m)^(\\w+): (.*)\n\\1: (.*)\n").matcher(text);
        while (pairs.find()) {
            String[] names = pairs.group(2).split(" ");
            String[] numbers = pairs.group(3).split(" ");
            assertThat(numbers).hasSameSizeAs(names);
            for (int i = 0; i < names.length; i++) {
                values.put(pairs.group(1) + names[i], Long.parseLong(numbers[i]));
            }
        }
        Matcher rows = Pattern.compile("(?m)^(\\w+) *\t(\\d+)$").matcher(text);
        while (rows.find()) {
            values.put(rows.group(1), Long.parseLong(rows.group(2)));
        }
        return values;
    }

    private static void fill(MibCounters mib, Map<String, Long> values) {
        int stripe = 0;
        for (Mib counter : MibLayout.all()) {
            Long value = values.get(counter.nstatName());
            assertThat(value).as(counter.nstatName()).isNotNull();
            mib.add(stripe++, counter, value - mib.get(counter));
        }
        for (int type = 0; type < 256; type++) {
            for (long n = values.getOrDefault("IcmpMsgInType" + type, 0L); n > 0; n--) {
                mib.icmpMsg().in(type);
            }
            for (long n = values.getOrDefault("IcmpMsgOutType" + type, 0L); n > 0; n--) {
                mib.icmpMsg().out(type);
            }
            for (long n = values.getOrDefault("Icmp6InType" + type, 0L); n > 0; n--) {
                mib.icmp6Msg().in(type);
            }
            for (long n = values.getOrDefault("Icmp6OutType" + type, 0L); n > 0; n--) {
                mib.icmp6Msg().out(type);
            }
        }
    }

    private static String recorded(String file) {
        try (InputStream in =
                Objects.requireNonNull(ProcNetTest.class.getResourceAsStream(file + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
