package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mib.MibCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages of the repository: their links lead somewhere, the classes and members that they name
/// exist, and each page can be reached from the README.
class DocsTest {
    private static final Path ROOT = SourceTree.root();
    private static final Path README = ROOT.resolve("README.md");

    /// `[text](target)`, but no picture and no link inside code.
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```\\s*?$");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");

    /// What looks like a class of ours: UpperCamel, with a lower-case letter in second place or
    /// later, and perhaps a member.
    private static final Pattern CLASS =
            Pattern.compile("([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.(\\w+))?(?:\\(.*\\))?");

    /// Counters by the names that `nstat` gives them, which have the same form.
    private static final Set<String> COUNTERS = new MibCounters().snapshot().values().keySet();

    private static final List<String> JDK_PACKAGES =
            List.of(
                    "java.lang",
                    "java.lang.classfile",
                    "java.lang.foreign",
                    "java.lang.invoke",
                    "java.net",
                    "java.net.http",
                    "java.nio",
                    "java.nio.channels",
                    "java.nio.channels.spi",
                    "java.nio.file",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks",
                    "java.util.function",
                    "sun.nio.ch");

    private static final Map<String, Set<String>> MEMBERS = Members.ofSources();

    @Test
    void linksLeadToFiles() {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String target : links(page)) {
                Path file = file(page, target);
                if (!Files.exists(file) || !anchorExists(file, target)) {
                    broken.add(SourceTree.name(page) + " -> " + target);
                }
            }
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    @Test
    void classesExist() {
        Set<String> unknown = new TreeSet<>();
        for (Path page : writtenPages()) {
            for (String name : classNames(page)) {
                if (!exists(name)) {
                    unknown.add(SourceTree.name(page) + ": " + name);
                }
            }
        }
        assertThat(unknown).as("classes or members that do not exist").isEmpty();
    }

    @Test
    void everyPageIsReachedFromTheReadme() {
        Set<Path> seen = new HashSet<>();
        Deque<Path> todo = new ArrayDeque<>(List.of(README));
        while (!todo.isEmpty()) {
            Path page = todo.removeFirst();
            if (seen.add(page)) {
                links(page).stream()
                        .map(target -> file(page, target))
                        .filter(file -> file.toString().endsWith(".md") && Files.exists(file))
                        .forEach(todo::add);
            }
        }
        assertThat(pages()).as("pages to which no page leads").allMatch(seen::contains);
    }

    @Test
    void theChecksFindWhatIsWrong() {
        assertThat(exists("SkBuff.noSuchMember")).isFalse();
        assertThat(exists("NoSuchClass")).isFalse();
        assertThat(exists("SkBuff.consume")).isTrue();
        assertThat(exists("ByteBuffer")).isTrue();
        assertThat(exists("ConcurrentHashMap")).isTrue();
        assertThat(LINK.matcher("[a](b.md#c) and [d](e)").results().map(m -> m.group(1)))
                .containsExactly("b.md#c", "e");
        assertThat(slug("Life of a packet: in, `then` out"))
                .isEqualTo("life-of-a-packet-in-then-out");
    }

    // ---- pages
    // -----------------------------------------------------------------------------------

    private static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>();
            pages.add(README);
            pages.add(ROOT.resolve("CONTRIBUTING.md"));
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without those that are generated, which name what is in the tables they come from.
    private static List<Path> writtenPages() {
        Path reference = ROOT.resolve("docs/reference");
        Path map = ROOT.resolve("docs/internals/linux-map.md");
        return pages().stream()
                .filter(page -> !page.startsWith(reference) && !page.equals(map))
                .toList();
    }

    private static String withoutBlocks(Path page) {
        try {
            return FENCED.matcher(Files.readString(page)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- links
    // -----------------------------------------------------------------------------------

    /// Relative targets of a page's links.
    private static List<String> links(Path page) {
        String text = CODE.matcher(withoutBlocks(page)).replaceAll("code");
        return LINK.matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    private static Path file(Path page, String target) {
        String path = target.replaceFirst("#.*", "");
        return path.isEmpty() ? page : page.getParent().resolve(path).normalize();
    }

    private static boolean anchorExists(Path file, String target) {
        int hash = target.indexOf('#');
        if (hash < 0) {
            return true;
        }
        String anchor = target.substring(hash + 1);
        return withoutBlocks(file)
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> slug(line.replaceFirst("#+ ", "")))
                .anyMatch(anchor::equals);
    }

    /// What GitHub makes of a heading.
    private static String slug(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    // ---- classes
    // ---------------------------------------------------------------------------------

    private static List<String> classNames(Path page) {
        return CODE.matcher(withoutBlocks(page))
                .results()
                .map(MatchResult::group)
                .map(code -> code.substring(1, code.length() - 1))
                .filter(code -> CLASS.matcher(code).matches())
                .filter(code -> !COUNTERS.contains(code))
                .toList();
    }

    private static boolean exists(String code) {
        Matcher matcher = CLASS.matcher(code);
        if (!matcher.matches()) {
            return false;
        }
        String type = matcher.group(1);
        String member = matcher.group(2);
        Set<String> members = MEMBERS.get(type);
        if (members == null) {
            return isOfTheJdk(type);
        }
        return member == null || members.contains(member);
    }

    private static boolean isOfTheJdk(String type) {
        return JDK_PACKAGES.stream()
                .anyMatch(
                        name -> {
                            try {
                                Class.forName(name + "." + type);
                                return true;
                            } catch (ClassNotFoundException | NoClassDefFoundError e) {
                                return false;
                            }
                        });
    }
}
