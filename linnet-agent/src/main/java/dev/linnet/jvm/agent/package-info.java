/// The Java agent: a whole JVM, or some of its threads, on Linnet without a change to the program.
///
/// [dev.linnet.jvm.agent.Agent] is what `-javaagent:linnet.jar` starts. It makes the network that
/// `dev.linnet.jvm.config` describes, tells the JDK which providers to use, and rewrites the few methods of the JDK
/// that have no provider ([dev.linnet.jvm.agent.Rewritings] is the list, [dev.linnet.jvm.agent.Rewriter] does it) so
/// that they call [dev.linnet.jvm.boot.Bridge], behind which [dev.linnet.jvm.agent.AgentNetwork] answers.
@NullMarked
package dev.linnet.jvm.agent;

import org.jspecify.annotations.NullMarked;
