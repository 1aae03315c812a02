package dev.linnet.cli.demo;

import dev.linnet.cli.SsTable;
import dev.linnet.stack.SocketInfo;
import dev.linnet.trace.FunctionGraph;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the demo shows, in plain text with a little colour where the terminal has it.
final class DemoScreen {
    private static final int BAR = 40;

    private final PrintWriter out;
    private final boolean color;

    DemoScreen(PrintWriter out, boolean color) {
        this.out = out;
        this.color = color;
    }

    void title(String link, long seed, boolean realTime) {
        out.printf(
                Locale.ROOT,
                "client 10.0.0.1  <--- %s --->  10.0.0.2 server   (seed %d, %s time)%n%n",
                link,
                seed,
                realTime ? "real" : "virtual");
        out.flush();
    }

    void note(String text) {
        out.println(text);
        out.flush();
    }

    // ---- the handshake --------------------------------------------------------------------------

    void handshake(List<FunctionGraph.Call> calls, long startNs) {
        heading("The handshake, as the kernel sees it");
        String host = "";
        for (FunctionGraph.Call call : calls) {
            boolean changed = !call.host.equals(host);
            host = call.host;
            String name =
                    paint(
                            host.equals("server") ? 36 : 33,
                            String.format(Locale.ROOT, "%-6s", host));
            String time = String.format(Locale.ROOT, "%9.3f ms", (call.atNs - startNs) / 1e6);
            String end = call.hasCallees ? "() {" : "();";
            String note = call.note == null ? "" : paint(32, "   /* " + call.note + " */");
            if (changed && call.depth == 0) {
                out.println();
            }
            out.printf(
                    Locale.ROOT,
                    "%s  %s | %s%s%s%s%n",
                    time,
                    name,
                    "  ".repeat(call.depth),
                    call.function,
                    end,
                    note);
        }
        out.println();
        out.flush();
    }

    // ---- the transfer ---------------------------------------------------------------------------

    void transferStarts(long total) {
        heading("The transfer: " + total / (1 << 20) + " MiB over HTTP");
    }

    void progress(long done, long total, long ns) {
        int filled = (int) (done * BAR / total);
        out.printf(
                Locale.ROOT,
                "\r[%s%s] %3d %%  %6.1f MiB  %7.2f s  %7.2f Mbit/s",
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                done * 100 / total,
                done / 1048576.0,
                ns / 1e9,
                done * 8e3 / Math.max(ns, 1));
        out.flush();
    }

    void transferEnds(long bytes, long ns) {
        out.printf(
                Locale.ROOT,
                "%n%d bytes in %.3f s of the stack's time: %.2f Mbit/s%n",
                bytes,
                ns / 1e9,
                bytes * 8e3 / Math.max(ns, 1));
    }

    void checksum(boolean ok, String expected) {
        String verdict = ok ? paint(32, "correct") : paint(31, "WRONG");
        out.printf(Locale.ROOT, "SHA-256 %s: %s%n%n", verdict, expected);
        out.flush();
    }

    // ---- afterwards -----------------------------------------------------------------------------

    void sockets(List<SocketInfo> sockets) {
        heading("The sockets (ss -tin)");
        SsTable.print(sockets, out);
        out.println();
    }

    void counters(Map<String, Long> moved) {
        heading("The counters that moved (nstat)");
        moved.forEach((name, delta) -> out.printf(Locale.ROOT, "%-44s %,14d%n", name, delta));
        out.println();
        out.flush();
    }

    void wire(long toServer, long toClient, long lost) {
        out.printf(
                Locale.ROOT,
                "On the wire: %,d packets to the server, %,d to the client; the link lost %,d.%n",
                toServer,
                toClient,
                lost);
    }

    void captured(Path file, long packets) {
        out.printf(
                Locale.ROOT, "Capture: %s (%,d packets; open it with Wireshark)%n", file, packets);
        out.flush();
    }

    private void heading(String text) {
        out.println(paint(1, "== " + text + " =="));
        out.flush();
    }

    private String paint(int code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
