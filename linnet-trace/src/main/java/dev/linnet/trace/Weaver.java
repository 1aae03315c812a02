package dev.linnet.trace;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.KernelTrace;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Optional;

/// Weaves calls of [KernelTrace] into functions that carry a kernel name.
final class Weaver {
    private static final ClassDesc KERNEL = ClassDesc.of(Kernel.class.getName());
    private static final ClassDesc TRACE = ClassDesc.of(KernelTrace.class.getName());
    private static final MethodTypeDesc HOOK =
            MethodTypeDesc.of(
                    ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_String);

    private Weaver() {}

    /// The class with its named functions woven; the same bytes if it has none.
    static byte[] weave(byte[] classFile) {
        // Class files, not loaded classes, tell the hierarchy: this runs while a class is being
        // loaded.
        ClassHierarchyResolver hierarchy =
                ClassHierarchyResolver.ofResourceParsing(Weaver.class.getClassLoader())
                        .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile files =
                ClassFile.of(
                        ClassFile.DebugElementsOption.PASS_DEBUG,
                        ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel model = files.parse(classFile);
        boolean any = model.methods().stream().anyMatch(m -> kernelName(m).isPresent());
        return any ? files.transformClass(model, Weaver::weaveMethods) : classFile;
    }

    private static void weaveMethods(ClassBuilder builder, ClassElement element) {
        if (element instanceof MethodModel method) {
            Optional<String> name = kernelName(method);
            if (name.isPresent() && method.code().isPresent()) {
                builder.transformMethod(
                        method, MethodTransform.transformingCode(hooks(method, name.get())));
                return;
            }
        }
        builder.with(element);
    }

    private static CodeTransform hooks(MethodModel method, String name) {
        int subject = subjectSlot(method);
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                call(code, "enter", subject, name);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                if (element instanceof ReturnInstruction) {
                    call(code, "exit", subject, name);
                }
                code.with(element);
            }
        };
    }

    private static void call(CodeBuilder code, String hook, int subject, String name) {
        if (subject < 0) {
            code.aconst_null();
        } else {
            code.aload(subject);
        }
        code.loadConstant(name).invokestatic(TRACE, hook, HOOK);
    }

    /// The local variable of the first argument that is an object, of a static function; `this` of
    /// others; -1 if there is none.
    private static int subjectSlot(MethodModel method) {
        if (!method.flags().has(AccessFlag.STATIC)) {
            return 0;
        }
        int slot = 0;
        for (ClassDesc type : method.methodTypeSymbol().parameterList()) {
            if (!type.isPrimitive() && !type.isArray()) {
                return slot;
            }
            slot += TypeKind.from(type).slotSize();
        }
        return -1;
    }

    /// The first name of the method's [Kernel] annotation; a constructor is not traced.
    private static Optional<String> kernelName(MethodModel method) {
        if (method.methodName().equalsString(ConstantDescs.INIT_NAME)) {
            return Optional.empty(); // nothing may be called before the object exists
        }
        return method
                .findAttribute(Attributes.runtimeVisibleAnnotations())
                .map(attribute -> attribute.annotations())
                .orElse(List.of())
                .stream()
                .filter(annotation -> annotation.classSymbol().equals(KERNEL))
                .findFirst()
                .map(Weaver::firstName);
    }

    private static String firstName(Annotation annotation) {
        for (AnnotationElement element : annotation.elements()) {
            if (element.value() instanceof AnnotationValue.OfArray array
                    && array.values().getFirst() instanceof AnnotationValue.OfString text) {
                return text.stringValue();
            }
            if (element.value() instanceof AnnotationValue.OfString text) {
                return text.stringValue();
            }
        }
        throw new IllegalStateException("@Kernel without a name");
    }
}
