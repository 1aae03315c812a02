package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.script.Script;
import dev.linnet.packetdrill.script.ScriptParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedScriptsParseTest {
    @ParameterizedTest
    @EnumSource
    void everyScriptIsUnderstood(IpMode mode) throws Exception {
        List<Path> scripts = SharedScripts.scripts();
        assertThat(scripts).hasSizeGreaterThan(100);
        for (Path path : scripts) {
            String text = Files.readString(path);
            ScriptParser parser = new ScriptParser(path.toString());
            Config config = ConfigBuilder.build(mode, parser.options(text), List.of());
            Script script = parser.parse(text, config.defines());
            assertThat(script.events()).as(path.toString()).isNotEmpty();
        }
    }
}
