package dev.linnet.kernel;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a method that runs for every packet, or a class whose methods all do. Such a method
/// allocates nothing: no `new`, no array, no boxing, no lambda and no string concatenation. A test
/// of the build reads the class files and rejects a method that breaks this. What allocates for
/// good reason (an error path, the growth of a pool) stands in a method of its own, without the
/// mark. On a class the mark leaves out constructors and static initializers, which run once.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE})
public @interface HotPath {}
