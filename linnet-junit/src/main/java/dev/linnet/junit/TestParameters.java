package dev.linnet.junit;

import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import dev.linnet.sim.Switch;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/// Finds what a test's parameters mean, by type and name.
final class TestParameters {
    private static final Set<Class<?>> TYPES =
            Set.of(
                    TestNetwork.class,
                    Stack.class,
                    Host.class,
                    JvmHost.class,
                    Task.class,
                    Link.class,
                    Switch.class);

    private TestParameters() {}

    static boolean supports(Parameter parameter) {
        return TYPES.contains(parameter.getType());
    }

    /// @throws ParameterResolutionException saying what there is, if nothing fits
    static Object resolve(TestNetwork network, Parameter parameter) {
        Class<?> type = parameter.getType();
        try {
            if (type == TestNetwork.class) {
                return network;
            }
            if (type == Stack.class) {
                return network.stack();
            }
            if (type == Link.class) {
                return link(network, parameter);
            }
            if (type == Switch.class) {
                return lan(network, parameter);
            }
            return ofHost(network, type, parameter, hostName(network, parameter));
        } catch (IllegalArgumentException e) {
            throw new ParameterResolutionException(describe(parameter) + ": " + e.getMessage(), e);
        }
    }

    private static Object ofHost(
            TestNetwork network, Class<?> type, Parameter parameter, String host) {
        if (type == Host.class) {
            return network.host(host);
        }
        return type == JvmHost.class
                ? network.jvm(host)
                : network.newTask(host, parameter.isNamePresent() ? parameter.getName() : host);
    }

    private static String hostName(TestNetwork network, Parameter parameter) {
        List<String> names = network.hostNames();
        On on = parameter.getAnnotation(On.class);
        if (on != null) {
            require(on.value().length == 1, "@On must name one host");
            return on.value()[0];
        }
        if (names.size() == 1) {
            return names.getFirst();
        }
        String hosts = String.join(", ", names);
        require(
                parameter.isNamePresent(),
                "its name is not in the class file (javac -parameters); say @On(HOST), one of "
                        + hosts);
        require(
                names.contains(parameter.getName()),
                "no host has that name; name it after one, or say @On(HOST): there is " + hosts);
        return parameter.getName();
    }

    private static Link link(TestNetwork network, Parameter parameter) {
        On on = parameter.getAnnotation(On.class);
        if (on != null) {
            require(on.value().length == 2, "@On must name the two hosts that the link joins");
            return network.link(on.value()[0], on.value()[1]);
        }
        List<Link> all =
                network.joints().stream()
                        .map(TestNetwork.Joint::link)
                        .filter(link -> link != null)
                        .toList();
        require(
                all.size() == 1,
                "there is not one link but "
                        + network.describeJoints()
                        + "; say @On({HOST, HOST})"
                        + (all.isEmpty() ? ", or ask for a Switch" : ""));
        return all.getFirst();
    }

    private static Switch lan(TestNetwork network, Parameter parameter) {
        On on = parameter.getAnnotation(On.class);
        if (on != null) {
            return network.lan(on.value());
        }
        List<Switch> all =
                network.joints().stream()
                        .map(TestNetwork.Joint::lan)
                        .filter(lan -> lan != null)
                        .toList();
        require(
                all.size() == 1,
                "there is not one switch but "
                        + network.describeJoints()
                        + "; say @On({HOST, HOST})"
                        + (all.isEmpty() ? ", or ask for a Link" : ""));
        return all.getFirst();
    }

    private static String describe(Parameter parameter) {
        return "parameter " + parameter.getType().getSimpleName() + " " + parameter.getName();
    }

    private static void require(boolean ok, String what) {
        if (!ok) {
            throw new IllegalArgumentException(what);
        }
    }
}
