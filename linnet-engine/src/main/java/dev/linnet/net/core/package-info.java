/// The network namespace: everything that a host of its own has.
///
/// Mirrors `net/core/net_namespace.c`. With `net.core.skb`, `net.core.dev` and `net.core.sock` it forms the
/// one group of packages that may use each other, because the types do (as in Linux). [NetNamespace] holds
/// what is common; a protocol hangs its own tables into it with a [Pernet]; [PrefixTrie] is the tree under
/// the routing tables; [NetRandom] gives all random numbers.
///
/// Safe from any thread; look-ups take no lock.
@NullMarked
package dev.linnet.net.core;

import org.jspecify.annotations.NullMarked;
