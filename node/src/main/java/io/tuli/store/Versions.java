package io.tuli.store;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.TuliException;
import io.tuli.Versioned;
import io.tuli.error.Excerpt;
import io.tuli.log.Lineage;
import io.tuli.log.Stored;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a document a replica shows: where its last entry is in a changelog that the loop
 * goes on writing, or is replacing. Any thread; stateless.
 */
public final class Versions {

    /** A changelog is replaced in a moment, unless its loop is held up there. */
    private static final int LOOKS_MOST = 10_000;

    private static final long LOOK_AGAIN_NANOS = 50_000;

    private Versions() {}

    /**
     * The document and its version; both are of one changelog.
     *
     * @throws TuliException BAD_REQUEST when it cannot be read as the type; UNAVAILABLE where the
     *     changelog is being replaced for very long
     */
    public static <T> Versioned<T> of(
            SharedState state, String topLevelKey, TypedDocuments<T> documents, Overdue overdue) {
        for (int look = 0; look < LOOKS_MOST; look++) {
            List<LogPosition> before = starts(state);
            Stored stored = overdue.shown(state.get(topLevelKey));
            if (stored == null) {
                return new Versioned<>(null, LogPosition.START);
            }
            if (!before.isEmpty() && isSame(before, starts(state))) {
                return new Versioned<>(
                        documents.read(topLevelKey, stored),
                        Lineage.positionAfter(before, stored.offset()));
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        throw new TuliException(
                Failure.UNAVAILABLE,
                "a version is read while the changelog stays the same, and it is being replaced:"
                        + " try again, key="
                        + Excerpt.of(topLevelKey));
    }

    @SuppressWarnings("ReferenceEquality") // another list is another lineage, whatever it says
    private static boolean isSame(List<LogPosition> before, List<LogPosition> after) {
        return before == after;
    }

    private static List<LogPosition> starts(SharedState state) {
        @Nullable Lineage lineage = state.lineage();
        return lineage == null ? List.of() : lineage.published();
    }
}
