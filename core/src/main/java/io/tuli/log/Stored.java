package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Payload;

/**
 * A document as a replica holds it.
 *
 * @param document its bytes
 * @param offset of the entry that last changed it
 * @param time hybrid logical clock of that entry
 * @param until when it goes, in milliseconds since 1970; {@link Edit#NEVER} where it stays
 */
public record Stored(Payload document, long offset, long time, long until) {

    public Stored {
        until = document.isNone() ? Edit.NEVER : until; // what is not there does not go
    }

    /** One that stays. */
    public Stored(Payload document, long offset, long time) {
        this(document, offset, time, Edit.NEVER);
    }

    /** Whether it goes by itself. */
    public boolean mayExpire() {
        return until != Edit.NEVER;
    }

    /** Whether its time is over by then. */
    public boolean isDue(long wallMillis) {
        return mayExpire() && until <= wallMillis;
    }
}
