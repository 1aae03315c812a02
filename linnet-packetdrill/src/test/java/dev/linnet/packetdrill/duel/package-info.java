/// Duels: the same random script on the kernel of this machine and on Linnet, compared step by step.
///
/// A [dev.linnet.packetdrill.duel.Duel] runs a [dev.linnet.packetdrill.duel.DuelScript], drawn from a
/// seed, on both targets of packetdrill. The second one does everything at the moments at which the
/// first one did it.
@NullMarked
package dev.linnet.packetdrill.duel;

import org.jspecify.annotations.NullMarked;
