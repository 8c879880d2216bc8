package io.tuli.store;

import io.tuli.log.Stored;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a replica shows a document: not when its time has been over for so long that its owner
 * must have taken it out, had it been able to. So no split or pause shows what is long gone, and no
 * lag hides what was renewed. Any thread.
 *
 * @param wallMillis the member's clock, since 1970
 */
public record Overdue(LongSupplier wallMillis) {

    /** A renewal is here by then, or the owner is out of reach. */
    public static final long HIDDEN_AFTER_MILLIS = 2_000;

    /** By the clock of this machine. */
    public static final Overdue HERE = new Overdue(System::currentTimeMillis);

    /** What is over by then is not shown. */
    long dueMillis() {
        return wallMillis.getAsLong() - HIDDEN_AFTER_MILLIS;
    }

    /** The document, unless it is not to be shown any more. */
    public @Nullable Stored shown(@Nullable Stored stored) {
        return stored == null || !isHidden(stored) ? stored : null;
    }

    public boolean isHidden(Stored stored) {
        return stored.mayExpire() && stored.isDue(dueMillis());
    }
}
