package dev.linnet.packetdrill;

import dev.linnet.kernel.SuppressForbidden;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// packetdrill as a program of its own; the command `linnet packetdrill` is the same.
public final class Main {
    private Main() {}

    /// Runs the command and ends the JVM with its exit status: 0, 1 if a script failed, 2 for wrong
    /// arguments.
    @SuppressForbidden("the command ends with its status")
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(List.of(args), out, err));
    }

    /// Runs the command that the words make; the exit status.
    public static int run(List<String> words, PrintWriter out, PrintWriter err) {
        if (words.contains("--help") || words.contains("-h")) {
            out.println("Usage: " + PacketdrillArguments.SYNOPSIS);
            out.println(PacketdrillArguments.SUMMARY);
            out.print(PacketdrillArguments.OPTIONS);
            out.flush();
            return PacketdrillCommand.PASSED;
        }
        try {
            return PacketdrillArguments.parse(words).run(out, err);
        } catch (IllegalArgumentException e) {
            err.println("packetdrill: " + e.getMessage());
            err.flush();
            return PacketdrillCommand.UNUSABLE;
        }
    }
}
