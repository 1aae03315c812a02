package dev.linnet.cli;

import dev.linnet.cli.http.BytesContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A directory as a page of links.
final class DirectoryListing {
    private DirectoryListing() {}

    static BytesContent of(Path root, Path dir) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(dir)) {
            entries = list.sorted().toList();
        }
        String title = "/" + root.relativize(dir);
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>")
                .append(escape(title))
                .append("</title>\n<h1>")
                .append(escape(title))
                .append("</h1>\n<ul>\n");
        for (Path entry : entries) {
            String name = entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
            String href = "/" + root.relativize(entry) + (Files.isDirectory(entry) ? "/" : "");
            page.append("<li><a href=\"")
                    .append(escape(href))
                    .append("\">")
                    .append(escape(name))
                    .append("</a>\n");
        }
        page.append("</ul>\n");
        return new BytesContent(
                page.toString().getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
