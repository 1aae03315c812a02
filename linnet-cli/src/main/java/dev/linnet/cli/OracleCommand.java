package dev.linnet.cli;

import dev.linnet.oracle.Oracle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// `linnet oracle`: the words after it are those of [Oracle], which reads them itself.
@Command(
        name = "oracle",
        customSynopsis = "linnet " + Oracle.SYNOPSIS,
        description = {Oracle.SUMMARY})
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
final class OracleCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Unmatched private final List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        return Oracle.run(words, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
