package io.tuli.protocol;

import io.tuli.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * What is seldom said with a message, and travels beside its headers where no user's text can meet
 * it. Immutable.
 *
 * @param version the version the message's document must have when it is decided, {@link
 *     LogPosition#START} for none; null where it does not matter
 */
public record Extensions(@Nullable LogPosition version) {

    /** Of nearly every message. */
    public static final Extensions NONE = new Extensions(null);

    public static Extensions of(@Nullable LogPosition version) {
        return version == null ? NONE : new Extensions(version);
    }

    public boolean isNone() {
        return version == null;
    }
}
