package dev.linnet.jvm.agent;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import sun.nio.ch.DefaultAsynchronousChannelProvider;
import sun.nio.ch.DefaultSelectorProvider;

/// The calls themselves. Only to be loaded once the packages are exported.
public final class DirectJdkAccess implements JdkAccess {
    /// The JVM's own hooks run in the order of their slots; those of programs are in slot 1.
    private static final int LAST_HOOK = 9;

    public DirectJdkAccess() {}

    @Override
    public void defineInBootLoader(String name, byte[] code) {
        Unsafe.getUnsafe().defineClass(name, code, 0, code.length, null, null);
    }

    @Override
    public void atEnd(Runnable hook) {
        SharedSecrets.getJavaLangAccess().registerShutdownHook(LAST_HOOK, false, hook);
    }

    @Override
    public SelectorProvider machineProvider() {
        return DefaultSelectorProvider.get();
    }

    @Override
    public AsynchronousChannelProvider machineAsynchronousProvider() {
        return Asynchronous.PROVIDER;
    }

    /// It has threads of its own, so there is one, made when it is needed.
    private static final class Asynchronous {
        static final AsynchronousChannelProvider PROVIDER =
                DefaultAsynchronousChannelProvider.create();
    }
}
