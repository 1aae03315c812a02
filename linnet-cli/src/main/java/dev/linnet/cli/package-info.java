/// The `linnet` command.
///
/// [Main] has the subcommands. Mistakes in the arguments give one line and status 2, failures that a user can
/// do something about are a [CommandException]: one line and status 1.
@NullMarked
package dev.linnet.cli;

import org.jspecify.annotations.NullMarked;
