package io.tuli.protocol;

import io.tuli.Caller;
import io.tuli.LogPosition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is seldom said with a message, and travels beside its headers where no user's text can meet
 * it. Immutable.
 *
 * @param version the version the message's document must have when it is decided, {@link
 *     LogPosition#START} for none; null where it does not matter
 * @param caller for whom it is sent; null where it is the sender's own
 */
public record Extensions(@Nullable LogPosition version, @Nullable Caller caller) {

    /** Of nearly every message. */
    public static final Extensions NONE = new Extensions(null, null);

    private static final int CALLER_BYTES = 128;

    public static Extensions of(@Nullable LogPosition version) {
        return version == null ? NONE : new Extensions(version, null);
    }

    /** Of a message, and for whom it is sent: what a member's own code sends says nothing. */
    public static Extensions of(@Nullable LogPosition version, Caller caller) {
        return caller.isMember() ? of(version) : new Extensions(version, caller);
    }

    public boolean isNone() {
        return version == null && caller == null;
    }

    /** About what it takes besides the message; 0 of nearly every message. */
    public int sizeBytes() {
        return caller == null ? 0 : CALLER_BYTES + caller.user().length() + caller.claimsBytes();
    }

    /** Whether a request with these asks for the same as one with the others, all else alike. */
    public boolean asksTheSameAs(Extensions other) {
        return Objects.equals(version, other.version) && userText().equals(other.userText());
    }

    /**
     * Who tells one request from another under the same id: the user for whom a gateway sends it,
     * whichever way it came and whatever was claimed; empty where members speak for themselves,
     * whose names may be repeated from anywhere.
     */
    String userText() {
        return caller == null || caller.isOfMembers() ? "" : caller.user();
    }
}
