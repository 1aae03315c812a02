package dev.linnet.junit;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Host;
import dev.linnet.stack.Task;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/// Puts the network of a [LinnetNetwork] into the life of a test: made before it, given to its parameters, reported on
/// when it fails, closed and checked after it. The annotation registers it.
public final class LinnetExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                InvocationInterceptor,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LinnetExtension.class);

    /// In the store of a class: the network of its tests. In that of a method: its own, and its test's record.
    private static final String OF_CLASS = "class";

    private static final String OF_METHOD = "method";
    private static final String RECORD = "record";

    /// JUnit makes it.
    public LinnetExtension() {}

    /// A constructor's parameters are of the network of the test that it is called for.
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    // ---- before
    // -------------------------------------------------------------------------------------

    @Override
    public void beforeAll(ExtensionContext context) {
        LinnetNetwork own = ofClass(context.getRequiredTestClass());
        if (own != null && own.scope() == LinnetNetwork.Scope.CLASS) {
            context.getStore(NAMESPACE).put(OF_CLASS, LiveNetwork.start(own, context));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LiveNetwork live = network(context);
        live.requireMaker();
        context.getStore(NAMESPACE).put(RECORD, new TestRecord(live));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TestParameters.supports(parameter.getParameter());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return TestParameters.resolve(network(context).network(), parameter.getParameter());
    }

    /// The network that counts in a context; made now if it is that of a test and not there yet.
    private static LiveNetwork network(ExtensionContext context) {
        LinnetNetwork wanted = annotation(context);
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        if (wanted.scope() == LinnetNetwork.Scope.CLASS) {
            LiveNetwork ofClass = store.get(OF_CLASS, LiveNetwork.class);
            if (ofClass == null) {
                throw new ExtensionConfigurationException(
                        "@LinnetNetwork(scope = CLASS) belongs on a class, not on a method");
            }
            return ofClass;
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "each test method has a network of its own, so there is none yet; say"
                            + " @LinnetNetwork(scope = CLASS) for one that all of them share");
        }
        LiveNetwork own = store.get(OF_METHOD, LiveNetwork.class);
        if (own == null) {
            own = LiveNetwork.start(wanted, context);
            store.put(OF_METHOD, own);
        }
        return own;
    }

    private static LinnetNetwork annotation(ExtensionContext context) {
        Optional<LinnetNetwork> ofMethod =
                context.getTestMethod()
                        .flatMap(m -> AnnotationSupport.findAnnotation(m, LinnetNetwork.class));
        if (ofMethod.isPresent()) {
            return ofMethod.get();
        }
        for (Class<?> type = context.getRequiredTestClass();
                type != null;
                type = type.getEnclosingClass()) {
            LinnetNetwork found = ofClass(type);
            if (found != null) {
                return found;
            }
        }
        throw new ExtensionConfigurationException(
                "LinnetExtension does nothing by itself: put @LinnetNetwork on the class or the method");
    }

    private static @Nullable LinnetNetwork ofClass(Class<?> type) {
        return AnnotationSupport.findAnnotation(type, LinnetNetwork.class).orElse(null);
    }

    // ---- the test
    // ------------------------------------------------------------------------------------

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runOnHost(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runOnHost(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runOnHost(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        runOnHost(invocation, context);
    }

    private static void runOnHost(Invocation<Void> invocation, ExtensionContext context)
            throws Throwable {
        LiveNetwork live = network(context);
        String on = live.wanted().on();
        if (on.isEmpty()) {
            invocation.proceed();
            return;
        }
        Throwable[] thrown = new Throwable[1];
        live.network()
                .jvm(on)
                .run(
                        () -> {
                            try {
                                invocation.proceed();
                            } catch (Throwable e) {
                                thrown[0] = e;
                            }
                        });
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    // ---- after
    // --------------------------------------------------------------------------------------

    @Override
    public void afterEach(ExtensionContext context) {
        TestRecord record = context.getStore(NAMESPACE).get(RECORD, TestRecord.class);
        if (record == null) { // the network could not be made
            return;
        }
        LiveNetwork live = record.live();
        Throwable failure = context.getExecutionException().orElse(null);
        boolean failed = failure != null && !(failure instanceof TestAbortedException);
        List<Throwable> problems = new ArrayList<>(live.network().takeFailures());
        if (live.wanted().mustClose() && !failed) {
            problems.addAll(openDescriptors(live.network()));
        }
        NetworkFailure.Snapshot state = record.snapshot();
        if (live.wanted().scope() == LinnetNetwork.Scope.METHOD) {
            problems.addAll(live.end());
        }
        if (failed || !problems.isEmpty()) {
            report(context, live, state, failed ? failure : null, problems);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LinnetNetwork own = ofClass(context.getRequiredTestClass());
        if (own != null && own.scope() == LinnetNetwork.Scope.CLASS) {
            LiveNetwork live = context.getStore(NAMESPACE).get(OF_CLASS, LiveNetwork.class);
            if (live != null) {
                throwFirst(live.end());
            }
        }
    }

    /// Hangs the report on the test's exception, or on that of what was found now, which is thrown.
    private static void report(
            ExtensionContext context,
            LiveNetwork live,
            NetworkFailure.Snapshot state,
            @Nullable Throwable failure,
            List<Throwable> problems) {
        CaptureFile file = CaptureFile.save(live.network(), context);
        String note = note(live.network(), failure);
        String text =
                NetworkFailure.text(live.network(), live.seedIsGiven(), state, file.path(), note);
        NetworkFailure report = new NetworkFailure(text);
        file.trouble().ifPresent(report::addSuppressed);
        if (failure == null) {
            problems.getFirst().addSuppressed(report);
            throwFirst(problems);
        } else {
            failure.addSuppressed(report);
            problems.forEach(failure::addSuppressed);
        }
    }

    private static void throwFirst(List<Throwable> problems) {
        if (problems.isEmpty()) {
            return;
        }
        Throwable first = problems.getFirst();
        problems.subList(1, problems.size()).forEach(first::addSuppressed);
        throw first instanceof Error error ? error : new AssertionError(first.getMessage(), first);
    }

    /// What is easily overlooked: without the agent, code that knows nothing of Linnet uses the machine's network.
    private static @Nullable String note(TestNetwork network, @Nullable Throwable failure) {
        boolean io = false;
        for (Throwable e = failure; e != null && !io; e = e.getCause()) {
            io = e instanceof java.io.IOException;
        }
        return io && network.hasJvms() && !JvmHost.agentLoaded()
                ? "this JVM runs without Linnet's agent, so sockets that were opened without a factory or a"
                        + " provider of the host are on the machine's network"
                : null;
    }

    private static List<Throwable> openDescriptors(TestNetwork network) {
        List<Throwable> left = new ArrayList<>();
        for (Host host : network.stack().hosts()) {
            for (Task task : host.tasks()) {
                int open = task.openFds().length;
                if (open > 0) {
                    left.add(
                            new AssertionError(
                                    "process "
                                            + task.name()
                                            + " on host "
                                            + host.name()
                                            + " was left with "
                                            + open
                                            + (open == 1 ? " descriptor" : " descriptors")
                                            + " open"));
                }
            }
        }
        return left;
    }
}
