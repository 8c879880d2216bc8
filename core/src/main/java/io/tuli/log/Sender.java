package io.tuli.log;

import io.tuli.RequestId;

/**
 * Which ids of requests go with who sent them, and with a digest of what was sent. Numbers, because
 * very many are looked at where they lie as bytes.
 */
public final class Sender {

    /**
     * Who makes the requests that folds are turned into: one caller for all of them, so that a
     * partition's memory of those it has executed is bounded like that of any caller.
     */
    public static final long FOLDS = 0x666f_6c64_735f_5f5fL;

    private Sender() {}

    /** Whether the request was made of a change of another service. */
    public static boolean isFolds(long origin) {
        return origin == FOLDS;
    }

    /**
     * Whether there is a digest of the request: of all but folds, which their source tells apart.
     */
    static boolean hasDigest(long origin, long sequence) {
        return (origin != 0 || sequence != 0) && origin != FOLDS;
    }

    /** Whether its id does not say who sent it: only a number does, whose origin is the caller. */
    static boolean isApart(long origin, long sequence) {
        return sequence < 0 && origin != FOLDS;
    }

    /** Whether the id is good wherever it comes from, and so says nothing of its caller. */
    public static boolean isApart(RequestId id) {
        return isApart(id.origin(), id.sequence());
    }
}
