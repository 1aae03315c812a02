package dev.linnet.bench;

import static dev.linnet.bench.Figures.summary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How long `java Hello` takes alone, with the agent, and under `linnet run`, in turn; prints a table.
public final class StartUp {
    private static final int WARM_UP = 3;

    private StartUp() {}

    /// Arguments: the number of runs (31), the agent's jar, the `linnet` command.
    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 31;
        Path agent = Path.of(args.length > 1 ? args[1] : "linnet-agent/target/linnet.jar");
        String linnet = args.length > 2 ? args[2] : "./linnet";
        try (PlainPrograms programs = new PlainPrograms(agent)) {
            List<String> plain = programs.command(false, List.of("Hello"));
            List<String> launched = new ArrayList<>(List.of(linnet, "run", "--"));
            launched.addAll(plain.subList(1, plain.size()));
            Map<String, List<String>> commands = new LinkedHashMap<>();
            commands.put("`java Hello`", plain);
            commands.put(
                    "`java -javaagent:linnet.jar Hello`", programs.command(true, List.of("Hello")));
            commands.put("`./linnet run -- Hello`", launched);
            print(measure(commands, runs));
        }
    }

    private static Map<String, double[]> measure(Map<String, List<String>> commands, int runs)
            throws IOException, InterruptedException {
        Map<String, double[]> took = new LinkedHashMap<>();
        for (int i = -WARM_UP; i < runs; i++) {
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                long start = System.nanoTime();
                PlainPrograms.run(command.getValue());
                double[] times = took.computeIfAbsent(command.getKey(), name -> new double[runs]);
                times[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
            }
        }
        return took;
    }

    private static void print(Map<String, double[]> took) {
        System.out.println("| command | ms | over plain `java` |");
        System.out.println("|---|---|---|");
        double[] plain = took.values().iterator().next().clone();
        took.forEach(
                (name, times) -> {
                    double[] more = new double[times.length];
                    for (int i = 0; i < times.length; i++) {
                        more[i] = times[i] - plain[i];
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %s |%n",
                            name,
                            summary(times, 0),
                            summary(more, 0));
                });
    }
}
