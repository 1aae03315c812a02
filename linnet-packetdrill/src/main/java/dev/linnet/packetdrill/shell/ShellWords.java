package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.ShellParser.Part;
import dev.linnet.packetdrill.shell.ShellParser.Word;
import java.util.ArrayList;
import java.util.List;

/// Expands words: variables, substitutions, arithmetic; what was not quoted is split at blanks.
final class ShellWords {
    private final Shell shell;

    ShellWords(Shell shell) {
        this.shell = shell;
    }

    /// The fields that a word becomes, often one, sometimes none.
    List<String> expand(Word word) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean any = false;
        for (Part part : word.parts()) {
            String value = value(part);
            if (part.quoted() || part instanceof Part.Literal) {
                field.append(value);
                any = true;
                continue;
            }
            String[] pieces = value.strip().split("\\s+");
            for (int i = 0; i < pieces.length; i++) {
                if (i > 0) {
                    fields.add(field.toString());
                    field.setLength(0);
                }
                field.append(pieces[i]);
                any |= !pieces[i].isEmpty();
            }
        }
        if (any) {
            fields.add(field.toString());
        }
        return fields;
    }

    /// The word as one string, not split.
    String one(Word word) {
        StringBuilder text = new StringBuilder();
        word.parts().forEach(part -> text.append(value(part)));
        return text.toString();
    }

    private String value(Part part) {
        return switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Variable variable -> variable(variable.name());
            case Part.Substitution substitution ->
                    shell.run(substitution.command()).out().replaceAll("\n+$", "");
            case Part.Arithmetic arithmetic ->
                    Long.toString(ShellArithmetic.evaluate(shell, arithmetic.expression()));
        };
    }

    private String variable(String name) {
        int dash = name.indexOf(":-");
        if (dash < 0) {
            return shell.variable(name);
        }
        String value = shell.variable(name.substring(0, dash));
        return value.isEmpty() ? name.substring(dash + 2) : value;
    }
}
