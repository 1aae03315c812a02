package dev.linnet.packetdrill.script;

import java.util.List;
import java.util.Optional;

/// A parsed script.
///
/// @param file    its name, for messages
/// @param options the `--name=value` lines at the top
/// @param init    the command that runs before time 0
/// @param events  what happens, in order
/// @param cleanup the command that runs at the end, whether the script passed or not
public record Script(
        String file,
        List<Option> options,
        Optional<Command> init,
        List<Event> events,
        Optional<Command> cleanup) {
    /// One option line. `value` is empty for an option without an argument.
    public record Option(Source at, String name, Optional<String> value) {}

    /// A shell command without a time of its own.
    public record Command(Source at, String commandLine) {}
}
