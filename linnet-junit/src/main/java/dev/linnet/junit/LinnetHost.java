package dev.linnet.junit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A host of a [LinnetNetwork].
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface LinnetHost {
    /// Its name, which all hosts of the network resolve.
    String name();

    /// Addresses of its first interface, for example `10.0.0.1/24` or `fd00::1/64`. None: its link gives it one, see
    /// [LinnetLink#addresses].
    String[] address() default {};

    /// Routes beside those that the addresses bring: `10.2.0.0/16 via 10.0.0.254`, `default via 10.0.0.254`,
    /// `10.2.0.0/16 dev eth1`.
    String[] routes() default {};

    /// Settings of this host, for example `net.ipv4.ip_forward=1`.
    String[] sysctls() default {};
}
