package dev.linnet.oracle.target;

import dev.linnet.oracle.memory.Memory;

/// A kernel with one fresh network namespace (its loopback interface up), an empty `/tmp`, which is
/// the working directory, and one process, whose descriptors 0, 1 and 2 are the ends of a pipe that
/// nobody uses.
public interface Target extends AutoCloseable {
    /// Its name: `linnet`, `host`.
    String name();

    /// The memory that all workers share.
    Memory memory();

    /// The first worker.
    Worker main();

    /// A further worker, with a copy of its maker's descriptors if it forks, else with the same.
    Worker spawn(Worker parent, boolean fork);

    /// Sets a sysctl of the namespace; 0 or `-errno`.
    long sysctl(Worker worker, String name, String value);

    /// Lets time pass.
    void sleep(int millis);

    /// Ends all workers, also those that are blocked.
    @Override
    void close();
}
