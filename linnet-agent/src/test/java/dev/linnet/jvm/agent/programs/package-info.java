/// Programs that know nothing of Linnet.
@org.jspecify.annotations.NullMarked
package dev.linnet.jvm.agent.programs;
