package dev.linnet.bench;

import static dev.linnet.bench.Figures.summary;

import dev.linnet.host.HostNamespace;
import dev.linnet.host.HostProc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One program of the plain JDK (`src/main/plain/NetBench.java`) on the kernel's loopback and on Linnet under the
/// agent, in turn, in one run; prints a table. As root, for a network namespace with the congestion control reno.
public final class JdkSideBySide implements AutoCloseable {
    private static final List<Row> ROWS =
            List.of(
                    new Row("stream", false, "one stream, `Socket`", "≥ 2"),
                    new Row("channel", false, "one stream, `SocketChannel`, direct buffers", "≥ 2"),
                    new Row("platform", false, "round trip, platform threads", "≤ 0.5"),
                    new Row("platform", true, "round trip, platform threads, one CPU", ""),
                    new Row("virtual", false, "round trip, virtual threads", "≤ 0.15"),
                    new Row("virtual", true, "round trip, virtual threads, one CPU", ""),
                    new Row("connections", false, "connections", "≥ 5"),
                    new Row("connections", true, "connections, one CPU", ""),
                    new Row("selector", false, "selector echo, 100 connections", "≥ 3"),
                    new Row("idle", false, "memory of an idle pair", "≤ 0.6"));

    /// @param workload of the program
    /// @param pinned on one processor
    /// @param goal for Linnet / kernel; empty if there is none
    private record Row(String workload, boolean pinned, String title, String goal) {}

    /// What the rounds of a row gave.
    private record Figure(List<Double> kernel, List<Double> linnet, String unit) {
        Figure(String unit) {
            this(new ArrayList<>(), new ArrayList<>(), unit);
        }
    }

    private final PlainPrograms programs;
    private final List<String> options = new ArrayList<>();
    private final List<String> wanted = new ArrayList<>();
    private Path agent = Path.of("linnet-agent/target/linnet.jar");
    private int rounds = 5;
    private boolean together;

    private JdkSideBySide(String[] args) throws IOException {
        for (String arg : args) {
            if (arg.startsWith("--rounds=")) {
                rounds = Integer.parseInt(arg.substring("--rounds=".length()));
            } else if (arg.startsWith("--agent=")) {
                agent = Path.of(arg.substring("--agent=".length()));
            } else if (arg.equals("--together")) {
                together = true;
            } else if (arg.startsWith("-")) {
                options.add(arg);
            } else {
                wanted.add(arg);
            }
        }
        programs = new PlainPrograms(agent);
    }

    /// Arguments: `--rounds=5`; `--agent=` and the agent's jar; `--together` to run all workloads in one JVM instead of
    /// one each; options of the JVM, such as `-Dseconds=3`; and the workloads, where none means all.
    public static void main(String[] args) throws Exception {
        try (JdkSideBySide bench = new JdkSideBySide(args)) {
            HostNamespace.run(
                    () -> {
                        HostProc.setSysctl("net.ipv4.tcp_congestion_control", "reno");
                        bench.print(bench.measure());
                        return 0;
                    });
        }
    }

    @Override
    public void close() throws IOException {
        programs.close();
    }

    /// A round after the other, and in each one both networks in turn, so that what else the machine does hits both.
    private Map<Row, Figure> measure() throws IOException, InterruptedException {
        Map<Row, Figure> figures = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (List<Row> group : groups()) {
                run(false, group, figures);
                run(true, group, figures);
            }
            System.err.println("round " + (round + 1) + " of " + rounds);
        }
        return figures;
    }

    /// The rows that one JVM runs.
    private List<List<Row>> groups() {
        List<Row> rows =
                ROWS.stream()
                        .filter(row -> wanted.isEmpty() || wanted.contains(row.workload))
                        .toList();
        if (together) {
            return List.of(rows.stream().filter(row -> !row.pinned).toList());
        }
        return rows.stream().map(List::of).toList();
    }

    private void run(boolean linnet, List<Row> rows, Map<Row, Figure> figures)
            throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(options);
        program.add("NetBench");
        rows.forEach(row -> program.add(row.workload));
        List<String> command = programs.command(linnet, program);
        if (rows.getFirst().pinned) {
            command.addAll(0, List.of("taskset", "-c", "0"));
        }
        String[] lines = PlainPrograms.run(command).strip().split("\n");
        for (int i = 0; i < rows.size(); i++) {
            String[] words = lines[i].split(" ");
            Figure figure = figures.computeIfAbsent(rows.get(i), row -> new Figure(words[2]));
            (linnet ? figure.linnet : figure.kernel).add(Double.parseDouble(words[1]));
        }
    }

    private void print(Map<Row, Figure> figures) {
        System.out.println("| workload | unit | kernel | Linnet | Linnet / kernel | goal |");
        System.out.println("|---|---|---|---|---|---|");
        figures.forEach(
                (row, figure) -> {
                    double[] kernel = numbers(figure.kernel);
                    double[] linnet = numbers(figure.linnet);
                    double[] ratio = new double[rounds];
                    for (int i = 0; i < rounds; i++) {
                        ratio[i] = linnet[i] / kernel[i];
                    }
                    int digits = figure.unit.equals("us") ? 1 : 0;
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %s | %s | %s | %s |%n",
                            row.title,
                            figure.unit,
                            summary(kernel, digits),
                            summary(linnet, digits),
                            summary(ratio, 2),
                            row.goal);
                });
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
