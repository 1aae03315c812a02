/// Programs run in JVMs of their own, with `linnet.jar`.
@org.jspecify.annotations.NullMarked
package dev.linnet.jvm.agent;
