package io.tuli.protocol;

import io.tuli.MemberId;
import java.util.List;

/**
 * Who serves a service and is not on its way out, as one member knows it. Immutable.
 *
 * @param areAll whether no other server can serve it: all have said what they serve
 */
public record Servers(boolean areAll, List<MemberId> members) {

    /** Before anything was heard. */
    public static final Servers UNKNOWN = new Servers(false, List.of());

    public Servers {
        members = List.copyOf(members);
    }

    /** Whether it is known that nobody serves it. */
    public boolean isNobody() {
        return areAll && members.isEmpty();
    }
}
