package dev.linnet.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says which host a parameter of a test belongs to, where its name does not: `@On("server") Task listener`. For a link
/// it names the hosts that the link joins: `@On({"client", "server"}) Link link`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface On {
    /// Names of hosts.
    String[] value();
}
