package io.tuli;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The verb that a method of an interface sends, where its name is not the verb; for {@link
 * Mesh#client} and {@code Tuli.handler}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Verb {

    /** As the service knows it. */
    String value();

    /**
     * The parameter that is the message's key: a text, which is the whole key however many dots it
     * has, or an {@link io.tuli.Key}, which needs no mark.
     */
    @Documented
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Key {}
}
