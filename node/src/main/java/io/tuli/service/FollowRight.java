package io.tuli.service;

import io.tuli.Failure;
import io.tuli.TuliException;
import org.jspecify.annotations.Nullable;

/**
 * Whether this member may follow a service, as far as servers have not said otherwise. Any thread.
 */
public final class FollowRight {

    private final String service;
    private volatile @Nullable String denial;

    FollowRight(String service) {
        this.service = service;
    }

    boolean isThere() {
        return denial == null;
    }

    /** It is not there; whether that is news. */
    synchronized boolean deny(String why) {
        boolean isNews = denial == null;
        denial = why;
        return isNews;
    }

    /** It may be there now; whether it was not before. */
    public synchronized boolean restore() {
        boolean wasDenied = denial != null;
        denial = null;
        return wasDenied;
    }

    /**
     * Nothing happens while it is there.
     *
     * @throws TuliException NOT_AUTHORISED if not
     */
    public void require() {
        String why = denial;
        if (why != null) {
            throw new TuliException(
                    Failure.NOT_AUTHORISED,
                    why
                            + "; use it withoutReplica(), or have a rule let you follow it:"
                            + " service="
                            + service);
        }
    }

    /** The same, and that there is a replica. */
    void require(boolean hasReplica) {
        require();
        if (!hasReplica) {
            throw new IllegalStateException(
                    "versions are those of the local replica, and this member has none of "
                            + service
                            + ": use it without withoutReplica()");
        }
    }
}
