package dev.linnet.packetdrill.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
    /// Files in memory.
    private static final class MemoryFiles implements ShellFiles {
        final Map<String, String> files = new HashMap<>();

        @Override
        public Optional<String> read(String path) {
            return Optional.ofNullable(files.get(path.replaceFirst("^\\./", "")));
        }

        @Override
        public Optional<String> write(String path, String content, boolean append) {
            if (path.startsWith("/proc/")) {
                return Optional.of(path + ": cannot be written");
            }
            files.merge(path, content, (old, added) -> append ? old + added : added);
            return Optional.empty();
        }

        @Override
        public boolean remove(String path) {
            return files.remove(path) != null;
        }
    }

    private final MemoryFiles files = new MemoryFiles();
    private final Shell shell = new Shell(TextCommands.all(), files);

    /// A script, what it prints, and its status; the same with a real shell.
    record Sample(String script, String out, int status) {
        @Override
        public String toString() {
            return script;
        }
    }

    private static Sample ok(String script, String out) {
        return new Sample(script, out, 0);
    }

    private static Sample fails(String script, String out, int status) {
        return new Sample(script, out, status);
    }

    static Stream<Sample> samples() {
        return Stream.of(words(), lists(), compounds(), files(), tools(), heres(), jobs())
                .flatMap(List::stream);
    }

    private static List<Sample> heres() {
        return List.of(
                ok(
                        "x=1; cat <<EOF\na $x $((x + 1)) $(echo c) \\$x \"q\"\nEOF\necho d",
                        "a 1 2 c $x \"q\"\nd\n"),
                ok("x=1; cat <<'EOF' | tr a b\na $x `no`\nEOF", "b $x `no`\n"),
                ok("cat <<-END && echo after\n\t\tone\n\ttwo\n\tEND", "one\ntwo\nafter\n"),
                ok("cat <<A; cat <<B\nfirst\nA\nsecond\nB", "first\nsecond\n"),
                ok("while read a b; do echo $b $a; done <<E\n1 2\n3 4\nE", "2 1\n4 3\n"),
                ok("x=y; cat <<< \"a $x\"; read -r p q <<< 'r s'; echo $q", "a y\ns\n"));
    }

    private static List<Sample> jobs() {
        return List.of(
                ok("x=1; (x=2; echo $x) & wait; echo $x", "2\n1\n"),
                ok("true & wait $!; echo $?", "0\n"),
                fails("(exit 3) & wait $!", "", 3),
                ok("f() { echo $1; }; f a & wait; echo b", "a\nb\n"),
                fails("wait 1", "", 127));
    }

    private static List<Sample> words() {
        return List.of(
                ok("echo a  b   'c  d' \"e  f\"", "a b c  d e  f\n"),
                ok("x=1; y=\"$x 2\"; echo $y \"$y\" '$y' ${y}3", "1 2 1 2 $y 1 23\n"),
                ok("x=' a  b '; echo [$x] \"[$x]\"", "[ a b ] [ a  b ]\n"),
                ok("echo \"a\\\"b\\$c\\\\\" a\\ b", "a\"b$c\\ a b\n"),
                ok("echo a \\\n  b", "a b\n"),
                ok("echo a # b\necho c#d", "a\nc#d\n"),
                ok("echo $(echo a; echo b) \"$(echo a; echo b)\"", "a b a\nb\n"),
                ok("echo `echo x` $(echo $(echo y))", "x y\n"),
                ok(
                        "echo $((1 + 2 * 3)) $(((1 + 2) * 3)) $((7 / 2)) $((-7 % 3)) $((1 << 4))",
                        "7 9 3 -1 16\n"),
                ok(
                        "x=5; echo $((x * 2)) $(($x + 1)) $((x > 3 && x < 9)) $((x == 4 || 0))",
                        "10 6 1 0\n"),
                ok(
                        "echo ${u:-none} ${u-none} ${u:+set}; v=; echo \"${v-x}\" ${v:-y}",
                        "none none\n y\n"),
                ok("echo ${u:=new} $u", "new new\n"),
                ok("f=a.b.c; echo ${f%.*} ${f%%.*} ${f#*.} ${f##*.} ${#f}", "a.b a b.c c 5\n"),
                ok("x=1; (x=2; echo $x); echo $x", "2\n1\n"),
                ok("x=1; y=$(x=2; echo $x); echo $x$y", "12\n"),
                ok("X=3 eval 'echo $X'; echo [$X]", "3\n[]\n"),
                ok(
                        "set -- a 'b c' d; echo $# $1 \"$2\"; for w in \"$@\"; do echo \"<$w>\"; done",
                        "3 a b c\n<a>\n<b c>\n<d>\n"),
                ok("set -- a b; shift; echo $1 $#", "b 1\n"),
                ok("echo '' | wc -l; echo \"\"", "1\n\n"));
    }

    private static List<Sample> lists() {
        return List.of(
                ok("true && echo a || echo b", "a\n"),
                ok("false && echo a || echo b", "b\n"),
                fails("true; false", "", 1),
                fails("false\necho $?\nfalse", "1\n", 1),
                ok("! false", ""),
                fails("! true", "", 1),
                ok("echo b a | tr ' ' '\\n' | sort | head -n 1", "a\n"),
                fails("true | false", "", 1),
                ok("false | true", ""),
                fails("exit 7; echo no", "", 7),
                fails("(exit 3)", "", 3),
                ok("(exit 3); echo $?", "3\n"),
                fails("set -e; echo a; false; echo b", "a\n", 1),
                ok("set -e; false || echo a; if false; then echo b; fi; echo c", "a\nc\n"),
                fails("no_such_command", "", 127),
                fails("echo a; no_such_command | cat; no_such_command", "a\n", 127));
    }

    private static List<Sample> compounds() {
        return List.of(
                ok("if true; then echo a; else echo b; fi", "a\n"),
                ok("if false\nthen echo a\nelif [ 1 = 1 ]\nthen echo b\nelse echo c\nfi", "b\n"),
                ok("for i in 1 2 3; do echo $i; done | tail -n 2", "2\n3\n"),
                ok("for i in $(seq 3 -1 1); do printf '%s ' $i; done; echo", "3 2 1 \n"),
                ok("i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo $i; done", "1\n2\n3\n"),
                ok("i=3; until [ $i -eq 1 ]; do i=$((i - 1)); done; echo $i", "1\n"),
                ok(
                        "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done",
                        "1\n3\n"),
                ok(
                        "for i in 1 2; do for j in 1 2; do [ $j = 2 ] && continue 2; echo $i$j; done; done",
                        "11\n21\n"),
                ok("printf '1 a\\n2 b\\n' | while read n w; do echo $w$n; done", "a1\nb2\n"),
                ok("case abc in x) echo x;; a*|b) echo yes;; *) echo no;; esac", "yes\n"),
                ok("case x7 in\n  x[0-9]) echo digit ;;\nesac", "digit\n"),
                ok("{ echo a; echo b; } | wc -l", "2\n"),
                ok("f() { echo \"$1-$#\"; return 4; }\nf x y; echo $?", "x-2\n4\n"),
                ok("f() {\n  local v=1\n  echo in$v\n}\nf", "in1\n"),
                ok("if [ -z \"$u\" ] && ! false; then echo a; fi", "a\n"));
    }

    private static List<Sample> files() {
        return List.of(
                ok("echo a > f; echo b >> f; cat f; cat < f | wc -l", "a\nb\n2\n"),
                ok("echo a > f; rm f; cat f 2> /dev/null; echo $?", "1\n"),
                ok("{ echo a; echo b >&2; } 2> e > o; cat e o", "b\na\n"),
                ok("{ echo a; echo b >&2; } > all 2>&1; sort all", "a\nb\n"),
                ok("no_such_command &> e; grep -c no_such_command e", "1\n"),
                ok("echo x | tee a > b; cat a b", "x\nx\n"),
                ok(
                        "[ -e f ] || echo none; touch f; [ -f f ] && [ ! -s f ] && echo empty",
                        "none\nempty\n"),
                ok("dd if=/dev/zero of=z bs=1k count=3 2> /dev/null; wc -c < z", "3072\n"),
                ok("echo 'echo $1 $#' > s.sh; sh s.sh x y; . ./s.sh", "x 2\n0\n"),
                ok("sh -c 'echo a; exit 5'; echo $?", "a\n5\n"));
    }

    private static List<Sample> tools() {
        String table = "printf 'tcp 1 x\\nudp 22 y\\ntcp 333 z\\n' > t; ";
        return List.of(
                ok(table + "grep tcp t | wc -l", "2\n"),
                ok(
                        table + "grep -c udp t; grep -v tcp t; grep -q udp t && echo yes",
                        "1\nudp 22 y\nyes\n"),
                fails(table + "grep icmp t", "", 1),
                ok(table + "grep -E '^(tcp|icmp) +[0-9]{3}' t", "tcp 333 z\n"),
                ok(table + "grep '2\\{2\\}\\|333' t", "udp 22 y\ntcp 333 z\n"),
                ok(table + "grep -o '[0-9][0-9]*' t | tr '\\n' ,", "1,22,333,"),
                ok(
                        table + "grep -n -m 1 -i TCP t; grep -w x t; grep -x 'udp 22 y' t",
                        "1:tcp 1 x\ntcp 1 x\nudp 22 y\n"),
                ok(
                        table + "awk '{print $2}' t; awk '/udp/ {print $3, $1}' t",
                        "1\n22\n333\ny udp\n"),
                ok(
                        "echo a:b:c | awk -F: '{print $NF, NF}'; echo a:b:c | cut -d: -f1,3",
                        "c 3\na:c\n"),
                ok("echo aXbXc | sed 's/X/-/'; echo aXbXc | sed 's/X/-/g'", "a-bXc\na-b-c\n"),
                ok(
                        "seq 5 | sed -n 2p; seq 3 | sed 2d; echo ab | sed -E 's/(a)(b)/\\2\\1&/'",
                        "2\n1\n3\nbaab\n"),
                ok("seq 4 | tail -n 2 | head -1; seq 1 2 5 | tr '\\n' ' '", "3\n1 3 5 "),
                ok(
                        "printf '%03d|%s|%x\\n' 7 a 255; printf '%s-' a b c; printf 'x\\n'",
                        "007|a|ff\na-b-c-x\n"),
                ok(
                        "printf 'b\\na\\nb\\n' | sort -u; printf '10\\n9\\n' | sort -n; "
                                + "printf 'a\\na\\nb\\n' | uniq | wc -l",
                        "a\nb\n9\n10\n2\n"),
                ok("echo -n a; echo -e 'b\\tc'", "ab\tc\n"),
                ok("[ 2 -gt 1 -a a != b ] && test ! -n '' && echo ok", "ok\n"),
                ok("echo HeLLo | tr A-Z a-z | tr -d l", "heo\n"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void doesWhatShellsDo(Sample sample) {
        Shell.Result result = shell.run(sample.script);
        assertThat(result.out()).as(result.err()).isEqualTo(sample.out);
        assertThat(result.status()).as(result.err()).isEqualTo(sample.status);
    }

    /// The samples are right.
    @ParameterizedTest
    @MethodSource("samples")
    void shellsDoThis(Sample sample, @TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/bin/bash")),
                "skipped: there is no bash to compare with");
        Process process = start(sample, directory);
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(new String(out, StandardCharsets.UTF_8)).isEqualTo(sample.out);
        assertThat(process.waitFor()).isEqualTo(sample.status);
    }

    private static Process start(Sample sample, Path directory) throws IOException {
        return new ProcessBuilder("/bin/bash", "-c", sample.script)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'a          ; ' is missing",
                "echo $(a         ; ')' is missing",
                "if true; fi      ; 'then' is missing",
                "for 1 in a; do   ; a name is missing",
                "cat << END       ; does not end",
                "echo a > ; a redirection without a file",
                "a || ; a command is missing",
                "echo ) ; unexpected",
                "echo $((1 +)) ; not a number",
                "echo $((1 / 0)) ; division by zero",
                "[ a -foo b ] ; unknown operator",
                "[ a -lt 1 ] ; not a number",
                "while true; do true; done ; does not end",
            })
    void saysWhatIsWrong(String line) {
        int split = line.lastIndexOf(';');
        Shell.Result result = shell.run(line.substring(0, split).strip());
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains(line.substring(split + 1).strip());
    }

    @Test
    void unknownCommandsAreNamed() {
        Shell.Result result = shell.run("frobnicate -x");
        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err()).isEqualTo("frobnicate: command not found\n");
    }

    @Test
    void scriptFilesSeeVariablesOfTheShell() {
        files.files.put("/tmp/restore_12.sh", "echo back $PPID\nexit 3\n");
        shell.set("PPID", "12");
        Shell.Result result = shell.run("/tmp/restore_${PPID}.sh");
        assertThat(result).isEqualTo(new Shell.Result(3, "back 12\n", ""));
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailure() {
        Shell.Result result = shell.run("echo 1 > /proc/sys/x");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("/proc/sys/x: cannot be written");
    }

    @Test
    void recursionEnds() {
        files.files.put("again.sh", "./again.sh");
        assertThat(shell.run("./again.sh").err()).contains("too deeply");
        assertThat(shell.run("f() { f; }; f").err()).contains("too deeply");
    }
}
