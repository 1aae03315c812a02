package dev.linnet.junit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What joins hosts of a [LinnetNetwork]: a cable between two ([dev.linnet.sim.Link]), a switch for more
/// ([dev.linnet.sim.Switch]). Each host gets an interface for it: `eth0` for the first link that names it, then `eth1`
/// and so on.
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface LinnetLink {
    /// The hosts that it joins, two or more.
    String[] between();

    /// What happens to packets between two of them, as [dev.linnet.sim.LinkConfig#parse] reads it. Nothing said: what
    /// [LinnetNetwork#link] says.
    String config() default "";

    /// An address for each of the hosts, in the order of [#between]. None: those that [LinnetHost#address] gives if all
    /// of them have one for it, else the link's number `n` (from 0) is the network `10.0.n.0/24`, in which the host's
    /// number `h` (from 1) has `10.0.n.h`.
    String[] addresses() default {};
}
