package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.MemberId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a call that has not gone straight to whom it is for: most do, and have
 * none. The caller's thread.
 */
final class Detours {

    /** The latest epoch it was redirected to. */
    Epoch hint = Epoch.ZERO;

    int redirects;

    /** Where it waits, when it is tried again. */
    long retryNanos;

    /** Whom it was sent to may have it, and is waited for, until then. */
    @Nullable MemberId returnsTo;

    long returnUntilNanos;

    /** Why the latest of those did not know what it asks for that were asked. */
    String passedOnBecause = "";

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
