package io.tuli.protocol;

import io.tuli.MemberId;
import java.util.List;

/**
 * Who serves a service and is not on its way out, as one member knows it. Immutable.
 *
 * @param areAll whether no other server can serve it: all have said what they serve
 */
public record Servers(boolean areAll, List<Server> servers) {

    /** Before anything was heard. */
    public static final Servers UNKNOWN = new Servers(false, List.of());

    /**
     * One of them.
     *
     * @param version as it announces; empty where it says none
     * @param share of 100 calls, so many for servers of this version; {@link #UNSAID} where it does
     *     not say
     */
    public record Server(MemberId member, String version, int share, Distance distance) {

        public static final int UNSAID = -1;

        /** One that says nothing of itself. */
        public static Server of(MemberId member) {
            return new Server(member, "", UNSAID, Distance.ELSEWHERE);
        }
    }

    /** How far a server is from this member. */
    public enum Distance {
        THIS_MEMBER,
        THIS_MACHINE,
        ELSEWHERE
    }

    public Servers {
        servers = List.copyOf(servers);
    }

    /** Whether it is known that nobody serves it. */
    public boolean isNobody() {
        return areAll && servers.isEmpty();
    }
}
