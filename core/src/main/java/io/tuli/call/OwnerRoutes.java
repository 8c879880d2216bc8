package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.MemberId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be asked for a partition: the owner of the latest epoch known - from the local replica
 * or from a redirect - or else the ring's. One thread.
 */
final class OwnerRoutes {

    private final Routes routes;
    private final Hints hints = new Hints();

    /** Why nobody owns anything of these services. */
    private final Map<Integer, String> waiting = new HashMap<>();

    OwnerRoutes(Routes routes) {
        this.routes = routes;
    }

    void waits(int service, String why) {
        if (why.isEmpty()) {
            waiting.remove(service);
        } else {
            waiting.put(service, why);
        }
    }

    /** What a call is told that ends because nobody owned its partition. */
    String nobodyFor(Outgoing call) {
        String nobody = call.isAsk() ? "no server was ready" : "no owner could be reached";
        String why = call.isAsk() ? null : waiting.get(call.spec().service());
        return (why == null ? nobody : why + "; " + nobody) + " before the deadline: ";
    }

    /** Nobody owns the partition as far as they know, but they know who may in a moment. */
    static boolean isSuggestion(Epoch epoch) {
        return epoch.number() == 0 && epoch.owner() != 0;
    }

    /** A redirect has told of an epoch. */
    void learn(Outgoing call, Epoch epoch) {
        int service = call.spec().service();
        call.detours().hint = later(epoch, call.hint());
        Epoch learnt = later(epoch, hints.of(service, call.partition()));
        hints.learn(service, call.partition(), learnt);
    }

    /** Who is to be asked, but not the one to be avoided; null if that is nobody. */
    @Nullable MemberId route(Outgoing call, @Nullable MemberId avoided) {
        if (call.isAsk()) {
            return call.spec().member();
        }
        int service = call.spec().service();
        int partition = call.partition();
        Epoch known = later(routes.epochOf(service, partition), hints.of(service, partition));
        Epoch latest = later(call.hint(), known);
        MemberId owner = latest.number() == 0 ? null : routes.memberOf(latest.owner());
        if (owner == null || owner.equals(avoided)) {
            owner = routes.ownerOf(service, partition);
        }
        return owner == null || owner.equals(avoided) ? null : owner;
    }

    /**
     * The one that says more of who owns. Epochs count from 1 again where all servers were
     * restarted: one whose owner is gone says nothing beside one whose owner is there.
     */
    private Epoch later(Epoch one, Epoch other) {
        Epoch later = one.isAfter(other) ? one : other;
        Epoch earlier = later.equals(one) ? other : one;
        boolean isOutlived =
                earlier.number() > 0
                        && routes.memberOf(later.owner()) == null
                        && routes.memberOf(earlier.owner()) != null;
        return isOutlived ? earlier : later;
    }
}
