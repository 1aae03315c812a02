/// Tests of the repository itself. [dev.linnet.tidy.SourcesTest] reads the sources,
/// [dev.linnet.tidy.HotPathTest] the class files, and [dev.linnet.tidy.LinuxMapTest] keeps
/// `docs/internals/linux-map.md` true.
@NullMarked
package dev.linnet.tidy;

import org.jspecify.annotations.NullMarked;
