package dev.linnet.packetdrill;

import dev.linnet.packetdrill.RunResult.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes results in the XML of JUnit, which every build server can show.
public final class JunitReport {
    private JunitReport() {}

    /// Writes a suite with one test case for each result.
    public static void write(Path file, String suite, List<RunResult> results) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", Integer.toString(results.size()));
            xml.writeAttribute("failures", count(results, Verdict.FAIL));
            xml.writeAttribute("errors", count(results, Verdict.ERROR));
            xml.writeAttribute("skipped", "0");
            long nanos = results.stream().mapToLong(RunResult::wallNanos).sum();
            xml.writeAttribute("time", seconds(nanos));
            for (RunResult result : results) {
                xml.writeCharacters("\n");
                writeCase(xml, result);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void writeCase(XMLStreamWriter xml, RunResult result) throws XMLStreamException {
        Path directory = result.script().getParent();
        String group = directory == null ? "" : directory.normalize().toString().replace('/', '.');
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", group);
        xml.writeAttribute("name", result.script().getFileName() + " (" + result.mode() + ")");
        xml.writeAttribute("time", seconds(result.wallNanos()));
        if (result.failure().isPresent()) {
            xml.writeStartElement(result.verdict() == Verdict.FAIL ? "failure" : "error");
            xml.writeAttribute("message", printable(result.failure().get().message()));
            xml.writeCharacters(printable(result.report()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String count(List<RunResult> results, Verdict verdict) {
        return Long.toString(results.stream().filter(r -> r.verdict() == verdict).count());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }

    /// XML has no way to write most control characters.
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }
}
