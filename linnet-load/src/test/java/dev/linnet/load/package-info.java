/// Plain JDK programs that do very much at once, run under the agent, and what must be as before when they have ended:
/// [dev.linnet.load.Ledger] counts it.
@NullMarked
package dev.linnet.load;

import org.jspecify.annotations.NullMarked;
