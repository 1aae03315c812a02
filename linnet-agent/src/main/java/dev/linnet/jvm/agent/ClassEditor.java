package dev.linnet.jvm.agent;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.util.ArrayList;
import java.util.List;

/// Makes [Rewriting]s in the bytes of a class.
final class ClassEditor {
    private ClassEditor() {}

    /// The class with all of its rewritings.
    ///
    /// @param missing takes what was not found
    static byte[] rewrite(String name, byte[] code, List<String> missing) {
        List<MethodEdit> edits = new ArrayList<>();
        for (Rewriting rewriting : Rewritings.all()) {
            if (rewriting.owner().equals(name)) {
                edits.add(new MethodEdit(rewriting));
            }
        }
        ClassFile classFile =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(
                                        ClassLoader.getSystemClassLoader())));
        byte[] result =
                classFile.transformClass(
                        classFile.parse(code), (builder, element) -> edit(builder, element, edits));
        for (MethodEdit edit : edits) {
            if (edit.done() == 0) {
                missing.add(edit.describe());
            }
        }
        return result;
    }

    private static void edit(ClassBuilder builder, ClassElement element, List<MethodEdit> edits) {
        CodeTransform all = null;
        if (element instanceof MethodModel method) {
            for (MethodEdit edit : edits) {
                if (edit.isIn(method)) {
                    all = all == null ? edit : all.andThen(edit);
                }
            }
            if (all != null) {
                builder.transformMethod(method, MethodTransform.transformingCode(all));
                return;
            }
        }
        builder.with(element);
    }
}
