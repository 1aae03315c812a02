package dev.linnet.kernel;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Lets one method or class call what `config/forbidden-apis/` forbids everywhere else, because it
/// is the very place where the forbidden thing belongs: the real clock reads the system's time.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.FIELD, ElementType.TYPE})
public @interface SuppressForbidden {
    /// Why this is the right place.
    String value();
}
