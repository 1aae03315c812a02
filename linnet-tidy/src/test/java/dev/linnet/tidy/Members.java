package dev.linnet.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import dev.linnet.tidy.SourceTree.Parsed;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What each type of the repository declares, by simple name. Types of the same name are one here.
final class Members extends TreeScanner<Void, Void> {
    private final Map<String, Set<String>> members = new HashMap<>();
    private final Deque<String> types = new ArrayDeque<>();

    private Members() {}

    /// Members by type, of all sources, tests included.
    static Map<String, Set<String>> ofSources() {
        List<Path> files =
                Stream.concat(
                                SourceTree.javaFiles("main").stream(),
                                SourceTree.javaFiles("test").stream())
                        .toList();
        Members scanner = new Members();
        for (Parsed file : SourceTree.parse(files)) {
            scanner.scan(file.unit(), null);
        }
        return scanner.members;
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
        String name = tree.getSimpleName().toString();
        declare(name);
        members.computeIfAbsent(name, key -> new HashSet<>());
        types.push(name);
        super.visitClass(tree, unused);
        types.pop();
        return null;
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
        declare(tree.getName().toString());
        return null; // what is inside is nobody's business
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
        declare(tree.getName().toString());
        return super.visitVariable(tree, unused);
    }

    private void declare(String member) {
        String type = types.peek();
        if (type != null) {
            members.get(type).add(member);
        }
    }
}
