package dev.linnet.fs.hostfs;

import dev.linnet.fs.Dentry;
import dev.linnet.fs.DirContext;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// An open directory of a [HostFs]: its entries as they were when the listing began, by name. The position is a
/// number of entries, `.` and `..` among them. Guarded by the file's position lock.
final class HostDirectory {
    private record Entry(String name, int kind, long ino) {}

    private final HostFs hostfs;
    private final Dentry dentry;
    private List<Entry> entries = List.of();

    HostDirectory(HostFs hostfs, Dentry dentry) {
        this.hostfs = hostfs;
        this.dentry = dentry;
    }

    int iterate(HostInode dir, DirContext ctx) {
        if (ctx.pos == 0) {
            int err = HostErrors.result(this::list);
            if (err < 0) {
                return err;
            }
            if (!ctx.emit(".", dir.ino, Stat.S_IFDIR, 1)) {
                return 0;
            }
        }
        if (ctx.pos == 1 && !ctx.emit("..", dentry.parent().file().ino, Stat.S_IFDIR, 2)) {
            return 0;
        }
        while (ctx.pos - 2 < entries.size()) {
            Entry entry = entries.get((int) ctx.pos - 2);
            if (!ctx.emit(entry.name, entry.ino, entry.kind, ctx.pos + 1)) {
                return 0;
            }
        }
        return 0;
    }

    private void list() throws IOException {
        List<Entry> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(hostfs.path(dentry))) {
            for (Path path : stream) {
                HostAttributes a = HostAttributes.of(path);
                int kind = a.mode() & Stat.S_IFMT;
                found.add(new Entry(path.getFileName().toString(), kind, a.ino()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparing(Entry::name));
        entries = found;
    }
}
