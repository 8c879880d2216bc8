package io.tuli.protocol;

import io.tuli.MemberId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a publication is for, of those at one member. Immutable; mostly one of two that are shared.
 *
 * @param here for subscribers of that member
 * @param relayed for clients that this member, a server, passes it on to
 * @param origin who published it; null where that is the sender and nothing is to be relayed
 * @param call the sender's number under which it wants to hear how many took it; 0 if it does not
 * @param timeoutMillis what is left for that
 */
public record Route(
        Part here, Part relayed, @Nullable Origin origin, long call, int timeoutMillis) {

    /** For all at that member who are in no group. */
    public static final Route PLAIN = new Route(Part.ALL, Part.NOBODY, null, 0, 0);

    /** Which of the subscribers whose patterns the subject fits. */
    public record Part(boolean isForAll, List<String> groups) {

        public static final Part NOBODY = new Part(false, List.of());

        /** All that are in no group. */
        public static final Part ALL = new Part(true, List.of());

        public Part {
            groups = List.copyOf(groups);
        }

        public boolean isEmpty() {
            return !isForAll && groups.isEmpty();
        }
    }

    /**
     * Who published it.
     *
     * @param number counts what that member had relayed, from 1
     */
    public record Origin(MemberId member, long number) {}

    public boolean isCall() {
        return call != 0;
    }
}
