package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Methods marked `@HotPath` (or whose class is) contain no instruction that allocates. Whether
/// what they call allocates is a question for the tests that measure it.
class HotPathTest {
    private static final String HOT_PATH = "Ldev/linnet/kernel/HotPath;";

    private static final Set<String> BOXES =
            Set.of(
                    "java/lang/Boolean",
                    "java/lang/Byte",
                    "java/lang/Character",
                    "java/lang/Short",
                    "java/lang/Integer",
                    "java/lang/Long",
                    "java/lang/Float",
                    "java/lang/Double");

    @Test
    void hotMethodsAllocateNothing() {
        List<String> offences = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        ClassPath.linnetClasses(bytes -> seen.add(check(bytes, offences)));
        assertThat(seen).contains("dev/linnet/kernel/HotPath");
        assertThat(offences).as("allocations in @HotPath methods").isEmpty();
    }

    @Test
    void eachKindOfAllocationIsFound() throws IOException {
        List<String> offences = new ArrayList<>();
        checkMethods(parse(Samples.class), method -> true, offences);
        assertThat(offences)
                .extracting(offence -> offence.replaceAll(".*\\.(\\w+) \\(.*", "$1"))
                .containsExactlyInAnyOrder(
                        "object",
                        "primitives",
                        "references",
                        "matrix",
                        "box",
                        "lambda",
                        "concat",
                        "values");
    }

    /// One method per kind of allocation, and one that allocates nothing that counts.
    @SuppressWarnings("unused")
    private static final class Samples {
        enum Colour {
            RED
        }

        static Object object() {
            return new Object();
        }

        static byte[] primitives(int n) {
            return new byte[n];
        }

        static String[] references(int n) {
            return new String[n];
        }

        static int[][] matrix(int n) {
            return new int[n][n];
        }

        static Object box(int n) {
            return n;
        }

        static Runnable lambda() {
            return () -> {};
        }

        static String concat(int n) {
            return "n" + n;
        }

        static Colour[] values() {
            return Colour.values();
        }

        static int nothing(Object o) {
            assert o != null : "an assertion may build its error";
            return switch (o) {
                case Thread t -> t.getPriority();
                default -> 0;
            };
        }
    }

    private static ClassModel parse(Class<?> type) throws IOException {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return ClassFile.of().parse(in.readAllBytes());
        }
    }

    /// Returns the internal name of the class checked.
    private static String check(byte[] bytes, List<String> offences) {
        ClassModel type = ClassFile.of().parse(bytes);
        boolean wholeType = isHot(type);
        checkMethods(
                type,
                method ->
                        isHot(method)
                                || wholeType && !method.methodName().stringValue().startsWith("<"),
                offences);
        return type.thisClass().asInternalName();
    }

    private static void checkMethods(
            ClassModel type, Predicate<MethodModel> which, List<String> offences) {
        type.methods().stream()
                .filter(which)
                .forEach(
                        method ->
                                method.code()
                                        .ifPresent(
                                                code -> checkCode(type, method, code, offences)));
    }

    private static void checkCode(
            ClassModel type, MethodModel method, CodeModel code, List<String> offences) {
        int line = 0;
        for (CodeElement element : code) {
            if (element instanceof LineNumber number) {
                line = number.line();
            }
            String allocation = allocation(element);
            if (allocation != null) {
                offences.add(
                        "%s.%s (line %d): %s"
                                .formatted(
                                        type.thisClass().asInternalName().replace('/', '.'),
                                        method.methodName().stringValue(),
                                        line,
                                        allocation));
            }
        }
    }

    /// What the instruction allocates, or null.
    private static @Nullable String allocation(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction i -> {
                String type = i.className().asInternalName();
                yield type.equals("java/lang/AssertionError") ? null : "new " + type;
            }
            case NewPrimitiveArrayInstruction _ -> "an array";
            case NewReferenceArrayInstruction _ -> "an array";
            case NewMultiArrayInstruction _ -> "an array";
            case InvokeDynamicInstruction i ->
                    i.bootstrapMethod().owner().descriptorString().contains("SwitchBootstraps")
                            ? null
                            : "a lambda or a string (" + i.name().stringValue() + ")";
            case InvokeInstruction i -> hiddenAllocation(i);
            default -> null;
        };
    }

    private static @Nullable String hiddenAllocation(InvokeInstruction i) {
        String owner = i.owner().asInternalName();
        String name = i.name().stringValue();
        if (name.equals("valueOf") && BOXES.contains(owner)) {
            return "a box, " + owner;
        }
        if (name.equals("values") && i.type().stringValue().equals("()[L" + owner + ";")) {
            return "a copy of the enum's values";
        }
        return null;
    }

    private static boolean isHot(AttributedElement element) {
        return element.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(HOT_PATH));
    }
}
