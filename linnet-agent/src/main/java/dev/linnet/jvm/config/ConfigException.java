package dev.linnet.jvm.config;

/// Something is wrong with what the user said of the network; the message is one line that says what to do.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
