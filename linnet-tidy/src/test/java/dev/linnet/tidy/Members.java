package dev.linnet.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
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

/// What each type of the repository declares and inherits from other types of it, by simple name. Types
/// of the same name are one here.
final class Members extends TreeScanner<Void, Void> {
    private final Map<String, Set<String>> members = new HashMap<>();
    private final Map<String, Set<String>> parents = new HashMap<>();
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
        scanner.members.keySet().forEach(scanner::inherit);
        return scanner.members;
    }

    /// Adds what the supertypes declare, and theirs.
    private void inherit(String type) {
        Set<String> seen = new HashSet<>();
        Deque<String> todo = new ArrayDeque<>(parents.getOrDefault(type, Set.of()));
        while (!todo.isEmpty()) {
            String parent = todo.pop();
            if (seen.add(parent) && !parent.equals(type)) {
                members.get(type).addAll(members.getOrDefault(parent, Set.of()));
                todo.addAll(parents.getOrDefault(parent, Set.of()));
            }
        }
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
        String name = tree.getSimpleName().toString();
        declare(name);
        members.computeIfAbsent(name, key -> new HashSet<>());
        Set<String> above = parents.computeIfAbsent(name, key -> new HashSet<>());
        if (tree.getExtendsClause() != null) {
            above.add(simpleName(tree.getExtendsClause()));
        }
        tree.getImplementsClause().forEach(type -> above.add(simpleName(type)));
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

    /// `Dir` of `ProcNode.Dir<T>`.
    private static String simpleName(Tree type) {
        String name = type.toString().replaceFirst("<.*", "");
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
