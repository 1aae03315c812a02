package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The structures of `layouts.txt`.
final class Layouts {
    /// A field: `type` is a number's, `ptr` or `char`.
    record Field(String name, String type, int offset, int bytes) {}

    /// A structure.
    record Layout(List<Field> fields, int bytes) {
        Field field(String name) {
            return fields.stream()
                    .filter(field -> field.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new FactException("there is no field " + name));
        }
    }

    private static final Map<String, Layout> ALL = load();

    private Layouts() {}

    static Layout of(String name) {
        Layout layout = ALL.get(name);
        if (layout == null) {
            throw new FactException("no structure " + name + " (layouts.txt may name more)");
        }
        return layout;
    }

    private static Map<String, Layout> load() {
        Map<String, Layout> all = new HashMap<>();
        for (String line : Resources.lines("layouts.txt")) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split("\\s+", -1);
                all.put(words[0], layout(words));
            }
        }
        return all;
    }

    private static Layout layout(String[] words) {
        List<Field> fields = new ArrayList<>();
        int offset = 0;
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            String type = words[i].substring(colon + 1);
            boolean sized = type.startsWith("pad") || type.startsWith("char");
            String kind = sized ? type.replaceAll("[0-9]", "") : type;
            int bytes =
                    sized
                            ? Integer.parseInt(type.substring(kind.length()))
                            : type.equals("ptr") ? Long.BYTES : IntType.of(type).bytes;
            if (!kind.equals("pad")) {
                fields.add(new Field(words[i].substring(0, colon), kind, offset, bytes));
            }
            offset += bytes;
        }
        return new Layout(List.copyOf(fields), offset);
    }
}
