/// What the rewritten classes of the JDK call.
///
/// The agent defines these few classes in the boot loader, because that is what the JDK's own classes can see; all
/// the rest of Linnet is on the class path, behind [dev.linnet.jvm.boot.LinnetNetwork]. Nothing here may use anything
/// but `java.base`.
@NullMarked
package dev.linnet.jvm.boot;

import org.jspecify.annotations.NullMarked;
