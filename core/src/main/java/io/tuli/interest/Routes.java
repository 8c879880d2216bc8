package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.InterestItem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where what is published goes, service by service. One thread. */
public final class Routes {

    private final MemberId self;
    private final long seed;
    private final Predicate<MemberId> near;
    private final Map<Integer, ServiceRoutes> services = new HashMap<>();
    private final Set<Integer> kept = new HashSet<>();
    private final Set<MemberId> homed = new HashSet<>();
    private final Map<InterestItem, Integer> own = new HashMap<>();

    /**
     * Nobody wants anything yet.
     *
     * @param seed that strangers do not know: what they can make look-ups slow without
     * @param near whether a member is on this machine
     */
    public Routes(MemberId self, long seed, Predicate<MemberId> near) {
        this.self = self;
        this.seed = seed;
        this.near = near;
    }

    /** Of one service, now and later. */
    ServiceRoutes of(int service) {
        return services.computeIfAbsent(service, number -> new ServiceRoutes(seed));
    }

    /** The same, for somebody who keeps it. */
    ServiceRoutes kept(int service) {
        kept.add(service);
        return of(service);
    }

    /** Nobody keeps it any more. */
    void release(int service) {
        kept.remove(service);
        ServiceRoutes known = services.get(service);
        if (known != null && known.isEmpty()) {
            services.remove(service);
        }
    }

    /** Of a service somebody wants something of; null where nobody does. */
    @Nullable ServiceRoutes find(int service) {
        return services.get(service);
    }

    /** So many want it at a member now, instead of so many before. */
    void changed(MemberId member, InterestItem item, int before) {
        boolean isNear = member.equals(self) || near.test(member);
        Destination.Kind kind = new Destination.Kind(member, isNear, homed.contains(member));
        of(item.service()).changed(kind, item, before);
    }

    /** So many more, or less, of this member's own subscribers want what it publishes itself. */
    void own(InterestItem key, int more) {
        int before = own.getOrDefault(key, 0);
        int after = before + more;
        if (after == 0) {
            own.remove(key);
        } else {
            own.put(key, after);
        }
        changed(self, key.of(after), before);
    }

    void homed(MemberId client, boolean isHomed) {
        if (isHomed ? homed.add(client) : homed.remove(client)) {
            services.values().forEach(each -> each.homed(client, isHomed));
        }
    }

    void forget(MemberId member) {
        homed.remove(member);
        services.values().forEach(each -> each.forget(member));
        services.entrySet().removeIf(each -> each.getValue().isEmpty() && !isKept(each.getKey()));
    }

    private boolean isKept(int service) {
        return kept.contains(service);
    }
}
