package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Routes and source addresses of random set-ups against those that Linux chose (RFC 6724).
class KernelSourceAddressTest {
    private Ipv6Lab lab;
    private NetNamespace net;
    private final StringBuilder setUp = new StringBuilder();

    @Test
    void choosesAsLinuxDoes() throws IOException {
        List<String> wrong = new ArrayList<>();
        int questions = 0;
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        KernelSourceAddressTest.class.getResourceAsStream(
                                                "source-addresses-6.18.tsv")),
                                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] f = line.split("\t", -1);
                if (line.startsWith("#")) {
                    continue;
                }
                switch (f[0]) {
                    case "new" -> renew();
                    case "+" -> address(f);
                    case "r" -> route(f);
                    default -> {
                        questions++;
                        String got = ask(f[0], f[1]);
                        if (!got.equals(normal(f[2]))) {
                            wrong.add(line + " but was " + got + " with" + setUp);
                        }
                    }
                }
            }
        }
        lab.close();
        assertThat(questions).isGreaterThan(2000);
        assertThat(wrong).isEmpty();
    }

    private void renew() {
        if (lab != null) {
            lab.close();
        }
        lab = new Ipv6Lab(1);
        net = lab.host("host");
        Ipv6Lab.sysctl(net, "net.ipv6.conf.default.addr_gen_mode", "1");
        new Ipv6Lab.Tun(net, "tun0", 1500);
        new Ipv6Lab.Tun(net, "tun1", 1500);
        setUp.setLength(0);
    }

    private NetDevice dev(String name) {
        return Objects.requireNonNull(net.devices.byName(name));
    }

    private void address(String[] f) {
        Ipv6Lab.address(dev(f[1]), f[2]);
        if (f[3].equals("d")) {
            Ipv6Lab.find(dev(f[1]), f[2].split("/")[0]).flags |= Inet6IfAddr.DEPRECATED;
        }
        setUp.append(' ').append(String.join(" ", f).strip());
    }

    private void route(String[] f) {
        String[] parts = f[2].split("/");
        In6Addr dst = In6Addr.parse(parts[0]);
        int len = Integer.parseInt(parts[1]);
        int metric = Integer.parseInt(f[3]);
        int err =
                Ip6Fib.addRoute(
                        net, dst.hi(), dst.lo(), len, 0, 0, dev(f[1]), metric, RouteMetrics.NONE);
        assertThat(err).isZero();
        setUp.append(' ').append(String.join(" ", f));
    }

    /// An address as this project writes it.
    private static String normal(String answer) {
        return answer.startsWith("-") ? answer : In6Addr.parse(answer).toString();
    }

    private String ask(String to, String oif) {
        In6Addr dst = In6Addr.parse(to);
        Flow fl = new Flow();
        fl.daddrHi = dst.hi();
        fl.daddrLo = dst.lo();
        fl.oif = oif.isEmpty() ? 0 : dev(oif).ifindex;
        int[] err = new int[1];
        return Ip6Route.output(net, fl, err) == null
                ? "-" + Errno.name(-err[0])
                : In6Addr.format(fl.saddrHi, fl.saddrLo);
    }
}
