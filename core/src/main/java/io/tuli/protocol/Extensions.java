package io.tuli.protocol;

import io.tuli.Caller;
import io.tuli.Edit;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.error.Require;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is seldom said with a message, and travels beside its headers where no user's text can meet
 * it. Immutable.
 *
 * @param version the version the message's document must have when it is decided, {@link
 *     LogPosition#START} for none; null where it does not matter
 * @param expiryMillis after so long the documents go that it edits; {@link #NEVER} where they are
 *     to stay, {@link #UNSAID} where the service says
 * @param caller for whom it is sent; null where it is the sender's own
 * @param servedAs which versions of the service may run it, as a text; empty for any
 * @param opening the tunnel that it opens; null where it is a message like others
 */
public record Extensions(
        @Nullable LogPosition version,
        long expiryMillis,
        @Nullable Caller caller,
        String servedAs,
        @Nullable Opening opening) {

    /** Until they are removed. */
    public static final long NEVER = 0;

    /** As the service says. */
    public static final long UNSAID = -1;

    /** Of nearly every message. */
    public static final Extensions NONE = new Extensions(null, UNSAID, null);

    private static final int CALLER_BYTES = 128;

    /** Longest text of versions. */
    public static final int SERVED_AS_CHARS_MOST = 64;

    private static final Duration LONGEST = Duration.ofMillis(Edit.UNTIL_MAX);

    public Extensions {
        Require.argument(
                expiryMillis >= UNSAID && expiryMillis <= Edit.UNTIL_MAX,
                "a document is there for at most 2^47 ms",
                expiryMillis);
        Require.argument(
                servedAs.length() <= SERVED_AS_CHARS_MOST,
                "versions are said in at most 64 characters",
                servedAs.length());
    }

    /**
     * A tunnel that is to be opened.
     *
     * @param windowBytes so much its opener takes before it says more
     * @param lastsMillis after so long it ends
     */
    public record Opening(int windowBytes, long lastsMillis) {

        /** The largest window. */
        public static final int WINDOW_MOST = 64 << 20;

        /** The longest time. */
        public static final long LASTS_MOST = Duration.ofDays(30).toMillis();

        public Opening {
            Require.argument(
                    windowBytes >= 1 && windowBytes <= WINDOW_MOST,
                    "a window is 1.." + WINDOW_MOST + " bytes",
                    windowBytes);
            Require.argument(
                    lastsMillis >= 1 && lastsMillis <= LASTS_MOST,
                    "a tunnel lasts 1.." + LASTS_MOST + " ms",
                    lastsMillis);
        }
    }

    /** A message like others. */
    public Extensions(
            @Nullable LogPosition version,
            long expiryMillis,
            @Nullable Caller caller,
            String servedAs) {
        this(version, expiryMillis, caller, servedAs, null);
    }

    /** Whichever version runs it. */
    public Extensions(@Nullable LogPosition version, long expiryMillis, @Nullable Caller caller) {
        this(version, expiryMillis, caller, "");
    }

    /** What a message says. */
    public static Extensions of(Message message) {
        LogPosition version = message.version().orElse(null);
        long expiryMillis = message.expiry().map(Extensions::millis).orElse(UNSAID);
        Caller caller = message.caller();
        return version == null && expiryMillis == UNSAID && caller.isMember()
                ? NONE
                : new Extensions(version, expiryMillis, caller.isMember() ? null : caller);
    }

    /** How long documents are there: a millisecond at least, and of thousands of years for good. */
    public static long millis(Duration lifetime) {
        if (lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
            return NEVER;
        }
        return Math.max(1, lifetime.toMillis());
    }

    /** A version alone. */
    public static Extensions of(@Nullable LogPosition version) {
        return version == null ? NONE : new Extensions(version, UNSAID, null);
    }

    /** The same for somebody: what a member's own code sends says nothing. */
    public Extensions as(Caller other) {
        Caller said = other.isMember() ? null : other;
        return new Extensions(version, expiryMillis, said, servedAs, opening);
    }

    /** The same, to be run by a server of these versions alone. */
    public Extensions servedAs(String versions) {
        return versions.equals(servedAs)
                ? this
                : new Extensions(version, expiryMillis, caller, versions, opening);
    }

    /** The same, opening a tunnel. */
    public Extensions opening(@Nullable Opening tunnel) {
        return new Extensions(version, expiryMillis, caller, servedAs, tunnel);
    }

    public boolean isNone() {
        return !isOfDocument() && caller == null && servedAs.isEmpty() && opening == null;
    }

    /** Whether it says something about a document, which is for its owner. */
    public boolean isOfDocument() {
        return version != null || expiryMillis != UNSAID;
    }

    /** About what it takes besides the message; 0 of nearly every message. */
    public int sizeBytes() {
        return caller == null ? 0 : CALLER_BYTES + caller.user().length() + caller.claimsBytes();
    }

    /** Whether a request with these asks for the same as one with the others, all else alike. */
    public boolean asksTheSameAs(Extensions other) {
        return Objects.equals(version, other.version)
                && expiryMillis == other.expiryMillis
                && (opening == null) == (other.opening == null)
                && userText().equals(other.userText());
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
