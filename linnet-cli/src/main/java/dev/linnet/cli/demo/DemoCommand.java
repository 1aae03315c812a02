package dev.linnet.cli.demo;

import dev.linnet.cli.CommandException;
import dev.linnet.sim.LinkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `linnet demo`.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Two hosts, a lossy link, an HTTP transfer: watch the handshake as the kernel sees it.",
            "",
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
public final class DemoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--link",
            paramLabel = "SETTINGS",
            defaultValue = "delay=20ms,loss=1%",
            description =
                    "The link, for example delay=20ms,loss=1%%,rate=100mbit (${DEFAULT-VALUE}).")
    private String link;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "7",
            description = "What is random comes from here (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "MIB",
            defaultValue = "16",
            description = "MiB to fetch (${DEFAULT-VALUE}).")
    private int sizeMib;

    @Option(names = "--real-time", description = "On the real clock instead of in virtual time.")
    private boolean realTime;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            defaultValue = "linnet-demo.pcapng",
            description = "Where the capture goes (${DEFAULT-VALUE}).")
    private Path pcap;

    @Mixin private DemoScreenOptions screen;

    @Override
    public Integer call() {
        if (sizeMib < 1 || sizeMib > 1024) {
            throw new ParameterException(
                    spec.commandLine(), "--size must be between 1 and 1024 MiB");
        }
        LinkConfig config;
        try {
            config = LinkConfig.parse(link);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--link: " + e.getMessage(), e);
        }
        DemoScreen out = new DemoScreen(spec.commandLine().getOut(), screen.color());
        Demo demo = new Demo(config, link, seed, sizeMib, realTime, pcap, out);
        try {
            return demo.run() ? 0 : 1;
        } catch (IOException e) {
            throw new CommandException("cannot write " + pcap + ": " + e.getMessage(), e);
        }
    }
}
