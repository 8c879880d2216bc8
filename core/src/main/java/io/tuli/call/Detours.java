package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Payload;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a call that has not gone straight to whom it is for: most do, and have
 * none. The caller's thread.
 */
final class Detours {

    private static final Payload NOT_ALLOWED =
            Payload.json("{\"code\":405,\"name\":\"MethodNotAllowed\"}");

    /** The latest epoch it was redirected to. */
    Epoch hint = Epoch.ZERO;

    int redirects;

    /** Where versions have shares: as which call it was shared out; -1 before. */
    long sharedTurn = -1;

    /** Where it waits, when it is tried again. */
    long retryNanos;

    /** Whom it was sent to may have it, and is waited for, until then. */
    @Nullable MemberId returnsTo;

    long returnUntilNanos;

    /** Why the latest of those did not know what it asks for that were asked. */
    String passedOnBecause = "";

    /** What callers are told of a verb that no server knows is a {@link io.tuli.Refusal}. */
    static Payload bodyOf(Failure failure) {
        return failure == Failure.METHOD_NOT_ALLOWED ? NOT_ALLOWED : Payload.NONE;
    }

    private List<MemberId> passedOnBy = List.of();
    private @Nullable MemberId appendedAt;
    private boolean isAppendedTwice;

    /** That server does not know what it asks for. */
    void passedOn(MemberId by, String detail) {
        passedOnBecause = detail;
        passedOnBy = Stream.concat(passedOnBy.stream(), Stream.of(by)).toList();
    }

    List<MemberId> passedOnBy() {
        return passedOnBy;
    }

    /** It may be in this member's changelog, and in no other. */
    void mayBeAt(MemberId member) {
        isAppendedTwice |= appendedAt != null && !appendedAt.equals(member);
        appendedAt = member;
    }

    /** Whether it may be in the changelog of another than that one. */
    boolean mayBeElsewhere(@Nullable MemberId than) {
        return isAppendedTwice || (appendedAt != null && !appendedAt.equals(than));
    }
}
