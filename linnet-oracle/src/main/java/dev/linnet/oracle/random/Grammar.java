package dev.linnet.oracle.random;

import dev.linnet.oracle.text.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The templates of `random.txt`.
final class Grammar {
    private static final Pattern TEMPLATE = Pattern.compile("(\\d+) (?:([a-z ]+): )?(.*)");
    private static final Pattern SET = Pattern.compile("let ([a-z0-9]+) = (.*)");
    private static final Pattern KNOWN = Pattern.compile("known (D-\\d{3}) (.*)");
    private static final Pattern CHOICE = Pattern.compile("<([^<>]*)>");
    private static final String KINDS = "fd stream dgram unix event reader writer epoll file";

    private static final String UNKNOWN = "-> _";

    /// A call, the kinds of descriptors that it gives, and the variables that take them.
    record Line(List<String> kinds, List<String> variables, String text) {}

    /// Programs that are known to differ.
    private record Known(String deviation, Pattern program) {}

    private record Template(int weight, List<String> kinds, String text) {}

    private final List<Template> templates = new ArrayList<>();
    private final Map<String, String[]> sets = new HashMap<>();
    private final List<Known> known = new ArrayList<>();
    private final int weights;

    Grammar() {
        for (String line : Resources.lines("random.txt")) {
            Matcher set = SET.matcher(line);
            Matcher template = TEMPLATE.matcher(line);
            Matcher deviation = KNOWN.matcher(line);
            if (set.matches()) {
                sets.put(set.group(1), set.group(2).split(" \\| ", -1));
            } else if (deviation.matches()) {
                Pattern program = Pattern.compile(deviation.group(2), Pattern.DOTALL);
                known.add(new Known(deviation.group(1), program));
            } else if (template.matches()) {
                List<String> kinds =
                        template.group(2) == null
                                ? List.of()
                                : List.of(template.group(2).split(" "));
                int weight = Integer.parseInt(template.group(1));
                templates.add(new Template(weight, kinds, template.group(3)));
            }
        }
        weights = templates.stream().mapToInt(Template::weight).sum();
    }

    /// The `D-nnn` that explains why a program differs, or null.
    @Nullable String deviation(String program) {
        return known.stream()
                .filter(k -> k.program.matcher(program).find())
                .map(Known::deviation)
                .findFirst()
                .orElse(null);
    }

    /// All `D-nnn` that explain something.
    List<String> deviations() {
        return known.stream().map(Known::deviation).toList();
    }

    /// The next call of a program.
    Line next(RandomGenerator random, Model model) {
        int at = random.nextInt(weights);
        for (Template template : templates) {
            at -= template.weight;
            if (at < 0) {
                return line(template.kinds, expand(template.text, random, model), model);
            }
        }
        throw new IllegalStateException("weights");
    }

    private static Line line(List<String> kinds, String call, Model model) {
        List<String> variables = kinds.stream().map(_ -> model.newVariable()).toList();
        if (variables.size() == 1) {
            return new Line(kinds, variables, variables.getFirst() + " = " + call);
        }
        String text = call;
        for (String variable : variables) {
            text = text.replaceFirst(UNKNOWN, "-> " + variable);
        }
        return new Line(kinds, variables, text);
    }

    private String expand(String text, RandomGenerator random, Model model) {
        Matcher choice = CHOICE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (choice.find()) {
            String chosen = choose(choice.group(1), random, model);
            choice.appendReplacement(out, Matcher.quoteReplacement(chosen));
        }
        choice.appendTail(out);
        return out.toString();
    }

    private String choose(String what, RandomGenerator random, Model model) {
        if ((" " + KINDS + " ").contains(" " + what + " ")) {
            return model.pick(what, random);
        }
        String[] set = sets.get(what);
        String[] choices = set != null ? set : what.split("\\|", -1);
        return choices[random.nextInt(choices.length)];
    }
}
