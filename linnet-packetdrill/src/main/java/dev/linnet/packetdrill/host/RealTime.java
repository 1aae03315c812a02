package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;

/// Real-time scheduling for the threads that run a script, so that other work on the machine does
/// not make events late.
final class RealTime {
    private static final int SCHED_RR = 2;
    private static final int LOWEST_PRIORITY = 1;

    private RealTime() {}

    /// Gives the calling thread the lowest real-time priority. On a machine with one processor, or
    /// without the right to, nothing happens: the script runs all the same.
    static void enter(NativeMemory memory) {
        if (Runtime.getRuntime().availableProcessors() > 1) {
            long parameter = memory.allocate(4);
            memory.putInt(parameter, LOWEST_PRIORITY);
            HostSyscalls.syscall(Nr.SCHED_SETSCHEDULER, 0, SCHED_RR, parameter);
        }
    }
}
