package dev.linnet.kernel.sysctl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The observers that a write has woken, to be run after the lock is released.
final class Changes {
    private final List<Runnable> observers = new ArrayList<>();

    /// A knob of a namespace was written.
    void add(SysctlValues values, Sysctl row) {
        observers.addAll(values.observers(row));
    }

    /// A knob of a device changed.
    void add(DevConf conf, Sysctl.Dev row) {
        for (Consumer<DevConf> observer : conf.directory().owner().deviceObservers(row)) {
            observers.add(() -> observer.accept(conf));
        }
    }

    void run() {
        observers.forEach(Runnable::run);
    }
}
