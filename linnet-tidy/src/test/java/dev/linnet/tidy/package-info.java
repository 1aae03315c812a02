/// Tests of the repository itself. [dev.linnet.tidy.SourcesTest] reads the sources,
/// [dev.linnet.tidy.HotPathTest] the class files, [dev.linnet.tidy.DocsTest] the pages;
/// [dev.linnet.tidy.LinuxMapTest] keeps `docs/internals/linux-map.md` true, and
/// [dev.linnet.tidy.SysctlUseTest] the list of knobs without effect.
@NullMarked
package dev.linnet.tidy;

import org.jspecify.annotations.NullMarked;
