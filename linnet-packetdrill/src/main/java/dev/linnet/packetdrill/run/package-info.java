/// The interpreter: carries out the events of a script on a target, one after the other, and judges
/// what comes of them.
///
/// [ScriptRun] is the loop. Packets are matched to sockets and verified by [PacketRunner] (with
/// [PacketMapper] and [PacketVerifier]), calls are made by [SyscallRunner], Python code is
/// evaluated by [CodeRunner].
@NullMarked
package dev.linnet.packetdrill.run;

import org.jspecify.annotations.NullMarked;
