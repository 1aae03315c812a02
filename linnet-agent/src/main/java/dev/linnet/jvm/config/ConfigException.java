package dev.linnet.jvm.config;

/// Something is wrong with what the user said of the network; the message is one line that says what to do.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message may quote anything that the user wrote: what would begin a new line becomes a space
    public ConfigException(String message) {
        super(oneLine(message));
    }

    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder(message);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }
}
