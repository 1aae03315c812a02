package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `grep [-acEFhilmnoPqsvwx] [-e] PATTERN FILE…`.
final class GrepCommand {
    private static final int FOUND = 0;
    private static final int NOTHING = 1;
    private static final int TROUBLE = 2;

    private final Shell shell;
    private final ShellIo io;
    private final StringBuilder flags = new StringBuilder();
    private final List<String> patterns = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private int most = Integer.MAX_VALUE;

    private GrepCommand(Shell shell, ShellIo io) {
        this.shell = shell;
        this.io = io;
    }

    static int run(Shell shell, List<String> args, ShellIo io) {
        return new GrepCommand(shell, io).run(args);
    }

    private int run(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("-e") && i + 1 < args.size()) {
                patterns.add(args.get(++i));
            } else if (arg.equals("-m") && i + 1 < args.size()) {
                most = TextCommands.number("grep", args.get(++i));
            } else if (arg.length() > 1 && arg.startsWith("-")) {
                flags.append(arg.substring(1));
            } else {
                paths.add(arg);
            }
        }
        if (patterns.isEmpty() && !paths.isEmpty()) {
            patterns.add(paths.removeFirst());
        }
        if (patterns.isEmpty() || !flags.toString().matches("[acEFhilnoPqsvwx]*")) {
            io.err.append("grep: cannot do: grep ").append(String.join(" ", args)).append('\n');
            return TROUBLE;
        }
        return search();
    }

    private boolean has(char flag) {
        return flags.indexOf(String.valueOf(flag)) >= 0;
    }

    private List<Pattern> compiled() {
        return patterns.stream().map(this::compiled).toList();
    }

    private Pattern compiled(String pattern) {
        int ignoreCase = has('i') ? Pattern.CASE_INSENSITIVE : 0;
        Pattern one =
                has('F')
                        ? Pattern.compile(Pattern.quote(pattern), ignoreCase)
                        : PosixRegex.compile(pattern, has('E') || has('P'), ignoreCase);
        if (has('x')) {
            return Pattern.compile("^(?:" + one.pattern() + ")$", ignoreCase);
        }
        return has('w') ? Pattern.compile("\\b(?:" + one.pattern() + ")\\b", ignoreCase) : one;
    }

    private int search() {
        List<Pattern> all = compiled();
        boolean found = false;
        boolean missing = false;
        for (String path : paths.isEmpty() ? List.of("-") : paths) {
            Optional<String> text =
                    path.equals("-") ? Optional.of(io.in()) : shell.files().read(path);
            if (text.isPresent()) {
                found |= search(all, path, text.orElseThrow());
            } else {
                missing = true;
                if (!has('s')) {
                    io.err.append("grep: ").append(path).append(": no such file\n");
                }
            }
        }
        if (found && has('q')) {
            return FOUND;
        }
        return missing ? TROUBLE : found ? FOUND : NOTHING;
    }

    private boolean search(List<Pattern> all, String path, String text) {
        String prefix = paths.size() > 1 && !has('h') ? path + ":" : "";
        boolean silent = has('q') || has('c') || has('l');
        int found = 0;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            boolean match = all.stream().anyMatch(p -> p.matcher(line).find());
            if (match == has('v') || found == most) {
                continue;
            }
            found++;
            if (!silent) {
                print(all, prefix + (has('n') ? number + ":" : ""), line);
            }
        }
        if (has('c') && !has('q')) {
            io.out.append(prefix).append(found).append('\n');
        }
        if (has('l') && found > 0) {
            io.out.append(path).append('\n');
        }
        return found > 0;
    }

    private void print(List<Pattern> all, String prefix, String line) {
        if (!has('o')) {
            io.out.append(prefix).append(line).append('\n');
            return;
        }
        for (Pattern pattern : all) {
            Matcher matcher = pattern.matcher(line);
            while (matcher.find()) {
                io.out.append(prefix).append(matcher.group()).append('\n');
            }
        }
    }
}
