package dev.linnet.jvm.agent;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;

/// Calls into packages of `java.base` that are not exported.
///
/// `DirectJdkAccess` does it. It is compiled when `linnet.jar` is made, because a compiler that is told a release of
/// Java hides those packages; calls by reflection would take tens of milliseconds at start-up.
public interface JdkAccess {
    /// Defines a class in the boot loader.
    void defineInBootLoader(String name, byte[] code);

    /// Runs something when the JVM ends, after all that the program has to do then.
    void atEnd(Runnable hook);

    /// What opens channels of the machine's network.
    SelectorProvider machineProvider();

    /// What opens asynchronous channels of the machine's network.
    AsynchronousChannelProvider machineAsynchronousProvider();
}
