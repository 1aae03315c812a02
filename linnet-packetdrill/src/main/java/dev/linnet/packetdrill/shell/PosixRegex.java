package dev.linnet.packetdrill.shell;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// POSIX's regular expressions as Java's.
final class PosixRegex {
    private static final String SPECIAL = "+?|(){}";

    private PosixRegex() {}

    /// An expression of `grep`.
    ///
    /// @param extended as with `-E`; else `+?|(){}` are special only after a backslash
    /// @throws ShellException if it is none
    static Pattern compile(String text, boolean extended, int flags) {
        String regex =
                (extended ? text : fromBasic(text))
                        .replace("[:space:]", "\\s")
                        .replace("[:blank:]", " \t")
                        .replace("[:digit:]", "0-9")
                        .replace("[:alpha:]", "a-zA-Z")
                        .replace("[:alnum:]", "a-zA-Z0-9")
                        .replace("[:xdigit:]", "0-9a-fA-F")
                        .replace("\\<", "\\b")
                        .replace("\\>", "\\b");
        try {
            return Pattern.compile(regex, flags);
        } catch (PatternSyntaxException e) {
            throw new ShellException("bad pattern '" + text + "': " + e.getDescription());
        }
    }

    private static String fromBasic(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '\\' && i + 1 < text.length();
            if (escaped && SPECIAL.indexOf(text.charAt(i + 1)) >= 0) {
                regex.append(text.charAt(++i));
            } else if (escaped) {
                regex.append(c).append(text.charAt(++i));
            } else if (SPECIAL.indexOf(c) >= 0 || c == '*' && i == 0) {
                regex.append('\\').append(c);
            } else {
                regex.append(c);
            }
        }
        return regex.toString();
    }
}
