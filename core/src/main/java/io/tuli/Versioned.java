package io.tuli;

import org.jspecify.annotations.Nullable;

/**
 * A document as a replica shows it, and which of its versions it is. Immutable.
 *
 * @param value null where there is no document, or it is JSON null
 * @param version the position right after the entry that changed the document last, {@link
 *     LogPosition#START} where there is none: what {@link Message#ifVersion} takes. It never comes
 *     again
 */
public record Versioned<T>(@Nullable T value, LogPosition version) {

    /** Whether there is a document. */
    public boolean exists() {
        return !version.equals(LogPosition.START);
    }
}
