/// packetdrill on the JVM: reads scripts, runs them on a target, and says whether the kernel there
/// does what they say.
///
/// ```text
/// PacketdrillCommand   the command: options, progress, reports      (PacketdrillArguments, Main)
/// Suite                many runs, some at a time                    (JunitReport, PcapDirectory)
/// ScriptRunner         one run: script + mode + target -> RunResult (Config, PacketLog)
///   script             text -> events, with the place of each word
///   packet, syscall    events -> bytes: packets, structures of x86-64 Linux, and back
///   run, state         carries out events in time and verifies what comes
///   python             the code between %{ and }%
///   target             the seam: system calls, memory, clock, packets, command lines
///     host             the kernel of this machine
///     linnet, shell    the stack in this process, and a shell for it
/// ```
@NullMarked
package dev.linnet.packetdrill;

import org.jspecify.annotations.NullMarked;
