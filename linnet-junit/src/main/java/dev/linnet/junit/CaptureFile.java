package dev.linnet.junit;

import dev.linnet.stack.Capture;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.JUnitException;

/// The capture of a test that failed, as a file.
///
/// @param path where it is, or null if there is none
/// @param trouble why it could not be written
record CaptureFile(@Nullable Path path, Optional<Throwable> trouble) {
    private static final String DIRECTORY = "linnet.capture.dir";
    private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)]");
    private static final MediaType PCAPNG = MediaType.create("application", "x-pcapng");

    /// Writes it, and tells JUnit of it and of the seed.
    static CaptureFile save(TestNetwork network, ExtensionContext context) {
        context.publishReportEntry("linnet.seed", String.valueOf(network.stack().seed()));
        Capture capture = network.capture();
        if (capture == null || capture.packets() == 0) {
            return new CaptureFile(null, Optional.empty());
        }
        Path file = path(context);
        try {
            Files.createDirectories(file.getParent());
            capture.save(file);
        } catch (IOException e) {
            return new CaptureFile(null, Optional.of(e));
        }
        context.publishReportEntry("linnet.capture", file.toString());
        return new CaptureFile(file, attach(file, context));
    }

    private static Optional<Throwable> attach(Path file, ExtensionContext context) {
        try {
            context.publishFile(
                    String.valueOf(file.getFileName()), PCAPNG, to -> Files.copy(file, to));
            return Optional.empty();
        } catch (JUnitException e) {
            return Optional.of(e);
        }
    }

    private static Path path(ExtensionContext context) {
        return directory(context)
                .resolve(context.getRequiredTestClass().getName())
                .resolve(name(context) + ".pcapng")
                .toAbsolutePath();
    }

    private static Path directory(ExtensionContext context) {
        Optional<String> given = context.getConfigurationParameter(DIRECTORY);
        boolean gradle =
                Files.exists(Path.of("build.gradle")) || Files.exists(Path.of("build.gradle.kts"));
        return Path.of(given.orElse(gradle ? "build/linnet" : "target/linnet"));
    }

    /// The method; its parameters where another has its name; which invocation of it.
    private static String name(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        StringBuilder name = new StringBuilder(method.getName());
        if (isOverloaded(method)) {
            for (Class<?> type : method.getParameterTypes()) {
                name.append('-').append(type.getSimpleName().replace("[]", "s"));
            }
        }
        INVOCATION
                .matcher(context.getUniqueId())
                .results()
                .forEach(match -> name.append('-').append(match.group(1)));
        return name.toString();
    }

    private static boolean isOverloaded(Method method) {
        return Arrays.stream(method.getDeclaringClass().getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(method.getName()) && !m.equals(method));
    }
}
