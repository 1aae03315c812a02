/// A JUnit extension that gives a test hosts, links and names of its own, and says what happened on them when the test
/// fails.
///
/// [LinnetNetwork] on a class or a method describes the network, [LinnetHost] and [LinnetLink] its parts. A test gets
/// them as parameters, which are found by type and name ([On]), or from the [TestNetwork]. `NetworkPlan` builds the
/// network, `NetworkFailure` is what it has to say, `LinnetExtension` puts them into the life of a test.
///
/// Networks share nothing, so tests may run in parallel.
@NullMarked
package dev.linnet.junit;

import org.jspecify.annotations.NullMarked;
