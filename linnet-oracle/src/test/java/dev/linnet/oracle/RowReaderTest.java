package dev.linnet.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Row;
import dev.linnet.oracle.text.RowReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {
    @Test
    void aRowKeepsItsParts() {
        List<String> lines =
                List.of(
                        "# comment",
                        "one: what it says [LTP x01] {D-007}",
                        "    s = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3 // ours",
                        "    // a note",
                        "    close(s) = 0",
                        "",
                        "two: more",
                        "    close(1)");
        List<Row> rows = RowReader.read("some", lines);
        assertThat(rows).extracting(Row::id).containsExactly("some:one", "some:two");
        assertThat(rows.getFirst().source()).isEqualTo("LTP x01");
        assertThat(rows.getFirst().deviation()).isEqualTo("D-007");
        assertThat(rows.getFirst().statements()).hasSize(2);
        assertThat(rows.get(1).source()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "close(NO_SUCH) @ no constant NO_SUCH",
                "close(1 @ ',' expected",
                "close(1) = 2 3 @ nothing more expected",
                "close(?) @ cannot read '?)'",
                "finish 7 @ the name of a worker expected",
                "sleep x @ milliseconds expected",
            })
    void aMistakeInAStatementIsNamedWithItsLine(String line, String message) {
        assertThatThrownBy(() -> RowReader.read("f", List.of("one: title", "    " + line)))
                .isInstanceOf(FactException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("f.facts:2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {"wrong @ a row begins with", "one: again @ there are two rows one"})
    void aMistakeInAHeaderIsNamedWithItsLine(String line, String message) {
        List<String> lines = List.of("one: title", "    close(0)", line);
        assertThatThrownBy(() -> RowReader.read("f", lines))
                .isInstanceOf(FactException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("f.facts:3");
    }
}
