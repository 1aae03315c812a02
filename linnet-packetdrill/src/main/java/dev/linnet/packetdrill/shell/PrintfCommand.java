package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `printf FORMAT WORD…`; the format is used again while there are words left.
final class PrintfCommand {
    private static final Pattern CONVERSION =
            Pattern.compile("%([-0 +#]*\\d*(?:\\.\\d+)?)([sdiuxXoc%b])");

    private PrintfCommand() {}

    static int run(List<String> args, ShellIo io) {
        if (args.isEmpty()) {
            io.err.append("printf: without a format\n");
            return 1;
        }
        String format = unescaped(args.getFirst());
        Iterator<String> words = args.subList(1, args.size()).iterator();
        do {
            int before = io.out.length();
            print(format, words, io.out);
            if (words.hasNext() && !CONVERSION.matcher(format).find()) {
                return 0;
            }
            if (io.out.length() == before) {
                return 0;
            }
        } while (words.hasNext());
        return 0;
    }

    private static void print(String format, Iterator<String> words, StringBuilder out) {
        Matcher matcher = CONVERSION.matcher(format);
        int from = 0;
        while (matcher.find()) {
            out.append(format, from, matcher.start());
            out.append(converted(matcher.group(1), matcher.group(2).charAt(0), words));
            from = matcher.end();
        }
        out.append(format, from, format.length());
    }

    private static String converted(String modifiers, char conversion, Iterator<String> words) {
        if (conversion == '%') {
            return "%";
        }
        String word = words.hasNext() ? words.next() : "";
        return switch (conversion) {
            case 's' -> String.format(Locale.ROOT, "%" + modifiers + "s", word);
            case 'b' -> String.format(Locale.ROOT, "%" + modifiers + "s", unescaped(word));
            case 'c' -> word.isEmpty() ? "" : word.substring(0, 1);
            case 'd', 'i', 'u' -> String.format(Locale.ROOT, "%" + modifiers + "d", number(word));
            default -> String.format(Locale.ROOT, "%" + modifiers + conversion, number(word));
        };
    }

    private static long number(String word) {
        try {
            return word.isEmpty() ? 0 : Long.decode(word.strip());
        } catch (NumberFormatException _) {
            throw new ShellException("printf: '" + word + "' is not a number");
        }
    }

    /// The text with its escapes (`\n`, `\t`, `\\`, `\0NNN`, `\xHH`) resolved.
    static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            int digits = next == 'x' ? digits(text, i + 1, 2, 16) : digits(text, i, 4, 8);
            if (digits > 0) {
                int start = next == 'x' ? i + 1 : i;
                int value = Integer.parseInt(text, start, start + digits, next == 'x' ? 16 : 8);
                out.append((char) (value & 0xff));
                i = start + digits - 1;
            } else {
                out.append(simple(next));
            }
        }
        return out.toString();
    }

    private static int digits(String text, int from, int most, int radix) {
        int count = 0;
        while (count < most
                && from + count < text.length()
                && Character.digit(text.charAt(from + count), radix) >= 0) {
            count++;
        }
        return count;
    }

    private static String simple(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '\\' -> "\\";
            default -> "\\" + c;
        };
    }
}
