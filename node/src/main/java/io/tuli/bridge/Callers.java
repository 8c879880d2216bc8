package io.tuli.bridge;

import io.tuli.Caller;
import io.tuli.arrival.ArrivedCaller;

/** For whom a message crosses a bridge. */
final class Callers {

    private static final String BRIDGE = "bridge";

    private Callers() {}

    /**
     * Nobody of the other mesh is a member of this one; a user whom a gateway there has let in is
     * that user.
     */
    static Caller of(Caller there) {
        String provider = there.isOfMembers() ? BRIDGE : there.provider();
        String user = there.isMember() ? "" : there.user();
        return Caller.arrived(new ArrivedCaller(provider, user, there.carried().claims(), true));
    }

    /** Whoever it is has come from another mesh. */
    static Caller remote(Caller caller) {
        Caller known = caller.isOfMembers() ? of(caller) : caller;
        ArrivedCaller carried = known.carried();
        return carried.isRemote()
                ? known
                : Caller.arrived(
                        new ArrivedCaller(
                                carried.provider(), carried.user(), carried.claims(), true));
    }
}
