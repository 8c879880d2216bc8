package io.tuli.protocol;

import io.tuli.Key;
import io.tuli.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What a core asks of the process it runs in: the time, whether it may own, and what the users'
 * code makes of a request or a merge. A port: every method returns at once and calls nothing back
 * into the core.
 */
public interface Host {

    /** Wall clock in milliseconds since 1970, for people and for the hybrid logical clock. */
    long wallMillis();

    /**
     * Whether this member has all that an owner of the partition needs besides its changelog, such
     * as the source of a fold. Asked before it takes over from an owner that can still go on; not
     * waited for beyond some seconds.
     */
    default boolean mayOwn(int service, int partition) {
        return true;
    }

    /**
     * The offset from which on committed entries are needed on this member, as by a fold that has
     * not consumed them: kept like what a follower lacks, up to the changelog's limit.
     */
    default long neededFrom(int service, int partition) {
        return Long.MAX_VALUE;
    }

    /**
     * Runs the handler: answers its decision, or null when that will come as {@link Input.Decided}.
     */
    @Nullable Decision decide(Task task);

    /**
     * Why a document cannot be read as the type of its service; null if it can. Asked before a
     * commit, for services that say {@link ServiceSpec#isChecked} alone.
     *
     * @param key the document's top-level key
     * @param document never {@link Payload#NONE}
     */
    default @Nullable String unreadable(int service, String key, Payload document) {
        return null;
    }

    /**
     * After a split, both sides had changed one document: what the service's merge function makes
     * of it. Called for services with such a function alone.
     *
     * @param base the document both come from; {@link Payload#NONE} if there was none, or if it is
     *     not known
     * @param winner the document here, none if removed
     * @param loser the other side's, none if removed
     * @return none to remove it; null if the function failed
     */
    default @Nullable Payload merge(
            int service, Key key, Payload base, Payload winner, Payload loser) {
        return null;
    }
}
