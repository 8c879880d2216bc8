package io.tuli.arrival;

import org.jspecify.annotations.Nullable;

/**
 * A handler that can tell which verbs it knows without looking at a message: one that asks for
 * another has not been seen, so another server can be asked instead. Thread-safe.
 */
public interface KnownVerbs {

    /** What to tell of a verb it does not know; null of one it knows. */
    @Nullable String whyNot(String verb);
}
