package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import dev.linnet.net.core.NetRandom;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks the name servers of a host, as a resolver without recursion of its own does: each server in turn, a few times,
/// with the search domains. Answers are kept for as long as they say, at most half a minute.
///
/// Thread-safe.
final class Dns {
    /// Answers with more aliases in a row than this are given up.
    private static final int ALIASES_MAX = 8;

    private static final int CACHE_MAX = 1000;
    private static final long CACHE_SECONDS_MAX = 30;

    /// What came of a look-up.
    enum Outcome {
        FOUND(""),
        NO_NAME("Name or service not known"),
        NO_DATA("No address associated with hostname"),
        FAILED("Temporary failure in name resolution");

        /// What the JDK says of it.
        final String message;

        Outcome(String message) {
            this.message = message;
        }
    }

    /// @param addresses as 4 or 16 bytes
    /// @param name for a reverse look-up
    /// @param ttl seconds
    record Result(Outcome outcome, List<byte[]> addresses, String name, long ttl) {
        static Result none(Outcome outcome) {
            return new Result(outcome, List.of(), "", 0);
        }
    }

    private record Kept(Result result, long untilNs) {}

    private final JvmHost host;
    private final DnsTransport transport;
    private final Map<String, Kept> cache = new ConcurrentHashMap<>();
    private volatile List<InetSocketAddress> servers = List.of();
    private volatile List<String> search = List.of();
    private volatile long timeoutNs = TimeUnit.SECONDS.toNanos(5);
    private volatile int attempts = 2;

    Dns(JvmHost host) {
        this.host = host;
        this.transport = new DnsTransport(host);
    }

    synchronized void addServer(InetSocketAddress server) {
        List<InetSocketAddress> all = new ArrayList<>(servers);
        all.add(server);
        servers = List.copyOf(all);
        cache.clear();
    }

    void setSearch(List<String> domains) {
        search = List.copyOf(domains);
        cache.clear();
    }

    void setTimeout(long ns, int attempts) {
        this.timeoutNs = ns;
        this.attempts = attempts;
    }

    /// The addresses of a name, IPv4 ones first.
    ///
    /// @param name in lower case, without a last dot
    /// @param absolute whether search domains are left out
    Result addresses(String name, boolean absolute, boolean v4, boolean v6) {
        if (servers.isEmpty()) {
            return Result.none(Outcome.NO_NAME);
        }
        int[] types =
                v4 && v6
                        ? new int[] {DnsMessage.A, DnsMessage.AAAA}
                        : new int[] {v4 ? DnsMessage.A : DnsMessage.AAAA};
        Result last = Result.none(Outcome.NO_NAME);
        for (String candidate : candidates(name, absolute)) {
            last = kept(candidate, types);
            if (last.outcome == Outcome.FOUND || last.outcome == Outcome.FAILED) {
                return last;
            }
        }
        return last;
    }

    /// A name with a dot is tried as it is first, one without last.
    private List<String> candidates(String name, boolean absolute) {
        List<String> all = new ArrayList<>();
        if (!absolute) {
            search.forEach(domain -> all.add(name + "." + domain));
        }
        all.add(name.contains(".") ? 0 : all.size(), name);
        return all;
    }

    /// The name of an address.
    Result name(byte[] address) {
        return servers.isEmpty()
                ? Result.none(Outcome.NO_NAME)
                : kept(reverseName(address), new int[] {DnsMessage.PTR});
    }

    private static String reverseName(byte[] address) {
        List<String> labels = new ArrayList<>();
        for (byte b : address) {
            if (address.length == 4) {
                labels.add(Integer.toString(b & 0xff));
            } else {
                labels.add(Integer.toHexString(b >> 4 & 0xf));
                labels.add(Integer.toHexString(b & 0xf));
            }
        }
        Collections.reverse(labels);
        return String.join(".", labels) + (address.length == 4 ? ".in-addr.arpa" : ".ip6.arpa");
    }

    // ---- kept answers
    // -------------------------------------------------------------------------------

    private Result kept(String name, int[] types) {
        String key = name + Arrays.toString(types);
        Kept kept = cache.get(key);
        if (kept != null && host.host().stack().nowNs() - kept.untilNs < 0) {
            return kept.result;
        }
        Result result = resolve(name, types);
        if (result.outcome == Outcome.FOUND && result.ttl > 0) {
            if (cache.size() >= CACHE_MAX) {
                cache.clear();
            }
            long seconds = Math.min(result.ttl, CACHE_SECONDS_MAX);
            long until = host.host().stack().nowNs() + TimeUnit.SECONDS.toNanos(seconds);
            cache.put(key, new Kept(result, until));
        }
        return result;
    }

    // ---- one name
    // -----------------------------------------------------------------------------------

    private Result resolve(String name, int[] types) {
        String here = name;
        for (int i = 0; i <= ALIASES_MAX; i++) {
            @Nullable DnsMessage[] answers = ask(here, types);
            if (answers == null) {
                return Result.none(Outcome.NO_NAME); // it is no name of DNS
            }
            String alias = here;
            Result result = Result.none(Outcome.FAILED);
            for (DnsMessage answer : answers) {
                if (answer != null) {
                    alias = end(alias, answer.answers());
                    result = merge(result, read(answer, here));
                }
            }
            if (result.outcome != Outcome.NO_DATA || alias.equals(here)) {
                return result;
            }
            here = alias;
        }
        return Result.none(Outcome.FAILED);
    }

    private static Result read(DnsMessage answer, String asked) {
        if (answer.rcode() == DnsMessage.NXDOMAIN) {
            return Result.none(Outcome.NO_NAME);
        }
        if (answer.rcode() != DnsMessage.NOERROR) {
            return Result.none(Outcome.FAILED);
        }
        String owner = end(asked, answer.answers());
        List<byte[]> addresses = new ArrayList<>();
        String name = "";
        long ttl = Long.MAX_VALUE;
        for (DnsMessage.Answer each : answer.answers()) {
            ttl = Math.min(ttl, each.ttl());
            if (each.name().equals(owner) && each.type() == answer.type()) {
                name = each.target();
                if (each.type() != DnsMessage.PTR && each.address().length > 0) {
                    addresses.add(each.address());
                }
            }
        }
        boolean found = !addresses.isEmpty() || !name.isEmpty();
        return found
                ? new Result(Outcome.FOUND, addresses, name, ttl)
                : Result.none(Outcome.NO_DATA);
    }

    /// Where the aliases in an answer lead to.
    private static String end(String name, List<DnsMessage.Answer> answers) {
        String here = name;
        for (int i = 0; i < ALIASES_MAX; i++) {
            String from = here;
            String next =
                    answers.stream()
                            .filter(a -> a.type() == DnsMessage.CNAME && a.name().equals(from))
                            .map(DnsMessage.Answer::target)
                            .findFirst()
                            .orElse(from);
            if (next.equals(here)) {
                break;
            }
            here = next;
        }
        return here;
    }

    /// What both families together say: addresses of one are enough, and a name that has no address exists.
    private static Result merge(Result one, Result two) {
        if (one.outcome == Outcome.FOUND && two.outcome == Outcome.FOUND) {
            List<byte[]> all = new ArrayList<>(one.addresses);
            all.addAll(two.addresses);
            return new Result(Outcome.FOUND, all, one.name, Math.min(one.ttl, two.ttl));
        }
        if (one.outcome == Outcome.FOUND || two.outcome == Outcome.FAILED) {
            return one;
        }
        return two.outcome == Outcome.FOUND || one.outcome == Outcome.FAILED ? two : one;
    }

    /// Asks the servers in turn until one has answered every question; null for what cannot be asked.
    private @Nullable DnsMessage @Nullable [] ask(String name, int[] types) {
        NetRandom random = host.host().net().random;
        byte[][] questions = new byte[types.length][];
        for (int i = 0; i < types.length; i++) {
            byte[] question = DnsMessage.query(random.nextInt() & 0xffff, name, types[i]);
            if (question == null) {
                return null;
            }
            questions[i] = question;
        }
        @Nullable DnsMessage[] best = new DnsMessage[types.length];
        for (int i = 0; i < attempts; i++) {
            for (InetSocketAddress server : servers) {
                @Nullable DnsMessage[] answers = transport.ask(server, questions, timeoutNs);
                if (Arrays.stream(answers).allMatch(Dns::isAnswer)) {
                    return answers;
                }
                best = Arrays.stream(answers).anyMatch(Dns::isAnswer) ? answers : best;
            }
        }
        return best;
    }

    private static boolean isAnswer(@Nullable DnsMessage answer) {
        return answer != null
                && (answer.rcode() == DnsMessage.NOERROR || answer.rcode() == DnsMessage.NXDOMAIN);
    }
}
