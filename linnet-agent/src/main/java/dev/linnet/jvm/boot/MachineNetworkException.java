package dev.linnet.jvm.boot;

import java.net.SocketException;

/// Strict mode closed a path to the machine's network; the message names it.
public final class MachineNetworkException extends SocketException {
    private static final long serialVersionUID = 1;

    MachineNetworkException(String message) {
        super(message);
    }
}
