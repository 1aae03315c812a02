package dev.linnet.packetdrill.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonCodeTest {
    private final List<String> printed = new ArrayList<>();
    private final PythonScope scope = new PythonScope(printed::add);

    private void run(String code) {
        PythonCode.parse(code).run(scope);
    }

    private PythonError failure(String code) {
        try {
            run(code);
        } catch (PythonError e) {
            return e;
        }
        throw new AssertionError("no error in: " + code);
    }

    /// Each of these holds in Python.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 + 2 * 3 == 7",
                "(1 + 2) * 3 == 9",
                "-7 // 2 == -4",
                "-7 % 3 == 2",
                "7 / 2 == 3.5",
                "2 ** 10 == 1024",
                "-2 ** 2 == -4",
                "1 << 40 == 1099511627776",
                "0xff & ~0x0f == 0xf0",
                "6 ^ 3 == 5",
                "1 < 2 < 3",
                "not 3 < 2 < 1",
                "1 if 0 else 2",
                "'b' in 'abc'",
                "3 in (1, 2, 3)",
                "4 not in [1, 2, 3]",
                "1 and 2",
                "0 or 'x'",
                "not None",
                "len('abc') == 3",
                "max(1, 5, 3) == 5",
                "min([4, 2]) == 2",
                "abs(-3) == 3",
                "int('12') == 12",
                "str(12) == '12'",
                "'%d of %s' % (1, 'x') == '1 of x'",
                "'%05.1f' % 2.25 == '002.2'",
                "f'{1 + 1}/{3:03d}' == '2/003'",
                "1 == 1.0",
                "True == 1",
                "[1, 2][-1] == 2",
                "(1, 2) < (1, 3)",
                "1_000 == 1000",
            })
    void asInPython(String expression) {
        assertThatCode(() -> run("assert " + expression)).doesNotThrowAnyException();
        PythonError error = failure("assert not (" + expression + ")");
        assertThat(error.kind()).isEqualTo("AssertionError");
    }

    @Test
    void assertionsTellTheirMessageAndLine() {
        scope.set("tcpi_snd_cwnd", 9);
        PythonError error =
                failure("x = 10\n\nassert tcpi_snd_cwnd == x, 'cwnd is %d' % tcpi_snd_cwnd");
        assertThat(error.message()).isEqualTo("AssertionError: cwnd is 9");
        assertThat(error.line()).as("line, from 0").isEqualTo(2);
    }

    @Test
    void unsignedNumbersOf64Bits() {
        scope.set("x", -1);
        run("assert x == 0xffffffffffffffff");
        run("assert x + 1 == 1 << 64");
    }

    @Test
    void branchesAndVariables() {
        run(
                """
                total = 0
                if 1 > 2:
                    total = 1
                elif 2 > 1:
                    total += 40
                    total += 2
                else:
                    total = 3
                print(total, "is it"); print('twice')
                """);
        assertThat(printed).containsExactly("42 is it", "twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x                      | NameError",
                "1 / 0                  | ZeroDivisionError",
                "1 % 0                  | ZeroDivisionError",
                "'a' + 1                | TypeError",
                "1 < 'a'                | TypeError",
                "len(3)                 | TypeError",
                "int('x')               | ValueError",
                "(1, 2)[2]              | IndexError",
            })
    void errorsAsInPython(String code, String kind) {
        assertThat(failure("a = " + code.strip()).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import os",
                "for x in (1, 2): print(x)",
                "def f(): pass",
                "open('x')",
                "lambda: 1",
                "while 1: pass",
                "x = {1: 2}",
                "a.b = 1",
            })
    void beyondTheSubsetIsAClearError(String code) {
        assertThatExceptionOfType(PythonError.class)
                .isThrownBy(() -> run(code))
                .withMessageContaining("beyond the Python that scripts can use here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"assert", "1 +", "(1", "x = = 2", "assert 1 2"})
    void wrongSyntax(String code) {
        assertThat(failure(code).kind()).isEqualTo("SyntaxError");
    }
}
