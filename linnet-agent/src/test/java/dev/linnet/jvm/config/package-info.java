/// What can be said of a network, and what cannot.
@org.jspecify.annotations.NullMarked
package dev.linnet.jvm.config;
