package io.tuli.storage;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why a journal cannot be read, or takes nothing. The message says what to do. */
public final class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What kind of trouble it is. */
    public enum Reason {
        /** Bytes that were there for good are not what they were: nothing is cut off for that. */
        DAMAGED,
        /** A write or a sync has failed: this process writes no more, and does not try again. */
        FAILED,
        /** There is no room for another segment; once there is, it goes on. */
        FULL,
        /** The files are another member's, or of a release that this one cannot read. */
        FOREIGN,
        /** Another process has the directory. */
        LOCKED
    }

    JournalException(Reason reason, String message) {
        this(reason, message, null);
    }

    JournalException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }

    /** The journal of this process is over. */
    public static JournalException failed(String what, @Nullable Throwable cause) {
        return new JournalException(
                Reason.FAILED,
                "a journal must be written; look at the disk and start the member again, which"
                        + " finds all that was kept: "
                        + what,
                cause);
    }

    static JournalException damaged(String place, String what) {
        return new JournalException(
                Reason.DAMAGED,
                "what was written for good must be there as it was: " + place + " " + what);
    }
}
