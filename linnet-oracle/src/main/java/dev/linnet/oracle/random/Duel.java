package dev.linnet.oracle.random;

import dev.linnet.host.HostException;
import dev.linnet.oracle.Outcome;
import dev.linnet.oracle.RowRun;
import dev.linnet.oracle.target.BlockedException;
import dev.linnet.oracle.target.HostTarget;
import dev.linnet.oracle.target.LinnetTarget;
import dev.linnet.oracle.target.Target;
import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.RowReader;
import dev.linnet.oracle.text.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// One program on both kernels at once, call by call. What the kernels choose at will (ports, names)
/// differs: it is compared by the order in which it is first seen.
final class Duel implements AutoCloseable {
    /// What a call gave on both.
    ///
    /// @param ok whether it succeeded on the host
    record Round(Statement statement, String linnet, String host, boolean ok, long result) {
        boolean same() {
            return linnet.equals(host);
        }
    }

    /// Ports that `net.ipv4.ip_local_port_range` has, and names that AF_UNIX makes up.
    private static final Pattern CHOSEN =
            Pattern.compile(
                    "(?<=:)(?:3276[89]|327[7-9]\\d|32[89]\\d\\d|3[3-9]\\d{3}|[45]\\d{4}|60\\d{3})\\b"
                            + "|(?<=un\"\\\\x00)[0-9a-f]{5}(?=\")");

    private static final class Side {
        private final Target target;
        private final RowRun run;
        private final Map<String, String> names = new HashMap<>();
        private boolean ended;
        private boolean dead;
        private boolean ok;
        private long result;

        Side(Target target) {
            this.target = target;
            this.run = new RowRun(target, true);
        }

        String step(Statement statement) {
            ok = false;
            try {
                Outcome outcome = run.step(statement);
                Long value = outcome.result();
                result = value == null ? 0 : value;
                ok = result >= 0;
                return CHOSEN.matcher(outcome.text()).replaceAll(this::name);
            } catch (BlockedException e) {
                ended = true;
                dead = true;
                return statement.text() + " // never returns";
            } catch (FactException e) {
                ended = true; // a shrunk program that uses what is no longer there
                return "";
            } catch (RuntimeException | AssertionError e) {
                ended = true;
                dead = true;
                return statement.text() + " // " + e + " at " + e.getStackTrace()[0];
            }
        }

        private String name(MatchResult match) {
            return names.computeIfAbsent(match.group(), _ -> "p" + (names.size() + 1));
        }
    }

    private final Side linnet = new Side(new LinnetTarget());
    private final Side host;

    Duel() throws HostException {
        host = new Side(new HostTarget());
    }

    /// Makes the next call.
    Round next(String text, int line) {
        Statement statement = RowReader.statement(text, line);
        String here = linnet.step(statement);
        String there = host.step(statement);
        return new Round(statement, here, there, host.ok, host.result);
    }

    /// No further call makes sense.
    boolean over() {
        return linnet.ended || host.ended;
    }

    @Override
    public void close() {
        host.target.close();
        if (!linnet.dead) { // else its threads are stuck
            linnet.target.close();
        }
    }
}
