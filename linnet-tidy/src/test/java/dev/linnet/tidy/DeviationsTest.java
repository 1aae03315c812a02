package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.syscall.SyscallNumbers;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What `docs/deviations.md` says is not there, is not there, and no number is used twice.
class DeviationsTest {
    private static final List<String> PAGE =
            SourceTree.lines(SourceTree.root().resolve("docs/deviations.md"));

    @Test
    void numbersAreUsedOnce() {
        List<Integer> numbers =
                PAGE.stream()
                        .map(Pattern.compile("^- \\*\\*D-(\\d{3}) ")::matcher)
                        .filter(matcher -> matcher.find())
                        .map(matcher -> Integer.valueOf(matcher.group(1)))
                        .toList();
        assertThat(numbers).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void optionsThatAreListedDoNotExist() {
        List<String> accepted = new ArrayList<>();
        try (Stack stack = Stack.virtual(1)) {
            Task task = stack.newHost("host").newTask("task");
            int fd = task.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
            for (String option : listed("Socket options that give -ENOPROTOOPT")) {
                int result = task.setsockopt(fd, level(option), number(option), new byte[256]);
                if (result != -Errno.ENOPROTOOPT) {
                    accepted.add(option + ": " + result);
                }
            }
        }
        assertThat(accepted).as("options that exist after all").isEmpty();
    }

    @Test
    void callsThatAreListedHaveNoEntryPoint() {
        List<String> implemented =
                IntStream.range(0, 512)
                        .filter(nr -> SyscallNumbers.entry(nr) != null)
                        .mapToObj(SyscallNumbers::name)
                        .toList();
        assertThat(implemented).contains("recvmsg");
        assertThat(listed("Calls that give -ENOSYS"))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(implemented);
    }

    /// Words of the indented lines below a heading.
    private static List<String> listed(String heading) {
        int from = PAGE.indexOf("## " + heading);
        assertThat(from).as("heading %s", heading).isNotNegative();
        return PAGE.stream()
                .skip(from + 1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("    "))
                .flatMap(line -> Pattern.compile("\\w+").matcher(line).results())
                .map(MatchResult::group)
                .toList();
    }

    private static int level(String option) {
        if (option.startsWith("IPV6_")) {
            return Sol.SOL_IPV6;
        }
        return option.startsWith("TCP_") ? Sol.SOL_TCP : Sol.SOL_SOCKET;
    }

    private static int number(String option) {
        Class<?> constants = option.startsWith("TCP_") ? TcpOpt.class : So.class;
        if (option.startsWith("IPV6_")) {
            constants = Ipv6Opt.class;
        }
        try {
            return constants.getField(option).getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(option + " is not in " + constants.getSimpleName(), e);
        }
    }
}
