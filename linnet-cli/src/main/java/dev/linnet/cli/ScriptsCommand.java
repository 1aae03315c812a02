package dev.linnet.cli;

import dev.linnet.packetdrill.PacketdrillArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// `linnet packetdrill`: the words after it are those of packetdrill, which reads them itself.
@Command(
        name = "packetdrill",
        customSynopsis = "linnet " + PacketdrillArguments.SYNOPSIS,
        description = {PacketdrillArguments.SUMMARY, PacketdrillArguments.OPTIONS})
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
final class ScriptsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Unmatched private final List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        return dev.linnet.packetdrill.Main.run(
                words, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
