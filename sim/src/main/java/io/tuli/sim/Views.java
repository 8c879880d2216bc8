package io.tuli.sim;

import io.tuli.MemberId;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Membership as an adversary would give it: what one member is told comes in order, but two members
 * are told at different times, and what is told may be old by then. Servers that begin at once may
 * hear of each other in any order, but of any two the later one knows the earlier: the membership
 * sees to that, by letting nobody begin before all have confirmed. One thread.
 */
final class Views {

    private static final long MILLI = SimCluster.MILLI;

    private final Timeline timeline;
    private final Map<Integer, Servers> services = new LinkedHashMap<>();
    private final Map<MemberId, Integer> sides = new HashMap<>();
    private final Map<MemberId, Long> lastTold = new HashMap<>();

    Views(Timeline timeline) {
        this.timeline = timeline;
    }

    // ---- who is there --------------------------------------------------------------------------

    void serves(MemberId member, int service, int partitions) {
        Servers servers = services.computeIfAbsent(service, number -> new Servers(partitions));
        if (!servers.present.contains(member)) {
            servers.present.add(member);
        }
    }

    /** It owns nothing any more, but must be asked before others own. */
    void leaves(MemberId member) {
        for (Servers servers : services.values()) {
            if (servers.present.remove(member)) {
                servers.leaving.add(member);
            }
        }
    }

    void gone(MemberId member) {
        for (Servers servers : services.values()) {
            servers.present.remove(member);
            servers.leaving.remove(member);
        }
    }

    boolean isAnyoneLeaving() {
        return services.values().stream().anyMatch(servers -> !servers.leaving.isEmpty());
    }

    /**
     * Whether each service would keep a server without this one, on its side of a split: the last
     * there has nobody to hand over to.
     */
    boolean isDispensable(MemberId member, int othersLeast) {
        for (Servers servers : services.values()) {
            long others =
                    servers.present.stream()
                            .filter(other -> !other.equals(member))
                            .filter(other -> isSameSide(other, member))
                            .count();
            if (others < othersLeast) {
                return false;
            }
        }
        return true;
    }

    private boolean isSameSide(MemberId a, MemberId b) {
        return sides.getOrDefault(a, 0).equals(sides.getOrDefault(b, 0));
    }

    // ---- who sees whom -------------------------------------------------------------------------

    /** From now on the member is seen only by those of the same side. */
    void put(MemberId member, int side) {
        sides.put(member, side);
    }

    void unite() {
        sides.clear();
    }

    /** Tells every member what it sees at this moment, each after a delay of its own. */
    void tell(Collection<SimMember> members, long fromMillis, long toMillis) {
        Map<Integer, Map<Integer, Ring>> bySide = new HashMap<>();
        for (SimMember member : members) {
            Map<Integer, Ring> rings =
                    bySide.computeIfAbsent(sides.getOrDefault(member.id(), 0), this::seenFrom);
            long at = timeline.nowNanos() + timeline.between(fromMillis * MILLI, toMillis * MILLI);
            if (isNewsFor(member) && timeline.happens(0.5)) {
                tell(member, at, heardBy(member, rings));
                at += timeline.between(MILLI, 40 * MILLI);
            }
            tell(member, at, rings);
            services.values().forEach(servers -> servers.heard(member.id()));
        }
    }

    private void tell(SimMember member, long at, Map<Integer, Ring> rings) {
        long inOrder = Math.max(at, lastTold.getOrDefault(member.id(), 0L) + 1);
        lastTold.put(member.id(), inOrder);
        timeline.at(inOrder, () -> member.ringsChanged(rings));
    }

    private boolean isNewsFor(SimMember member) {
        return services.values().stream()
                .anyMatch(servers -> !servers.newsFor(member.id()).isEmpty());
    }

    /** What it sees but for some it has not heard of before, and that began after it. */
    private Map<Integer, Ring> heardBy(SimMember member, Map<Integer, Ring> rings) {
        Map<Integer, Ring> some = new LinkedHashMap<>();
        services.forEach(
                (service, servers) -> {
                    Ring ring = Objects.requireNonNull(rings.get(service));
                    List<MemberId> known = new ArrayList<>(ring.servers());
                    for (MemberId news : servers.newsFor(member.id())) {
                        if (timeline.happens(0.5)) {
                            known.remove(news);
                        }
                    }
                    some.put(service, Ring.of(servers.partitions, known, ring.leaving()));
                });
        return some;
    }

    private Map<Integer, Ring> seenFrom(int side) {
        Map<Integer, Ring> rings = new LinkedHashMap<>();
        services.forEach(
                (service, servers) ->
                        rings.put(
                                service,
                                Ring.of(
                                        servers.partitions,
                                        of(servers.present, side),
                                        of(servers.leaving, side))));
        return rings;
    }

    private List<MemberId> of(List<MemberId> all, int side) {
        return all.stream().filter(id -> sides.getOrDefault(id, 0) == side).toList();
    }

    private static final class Servers {
        private final int partitions;
        private final List<MemberId> present = new ArrayList<>();
        private final List<MemberId> leaving = new ArrayList<>();
        private final Map<MemberId, Set<MemberId>> heard = new HashMap<>();

        Servers(int partitions) {
            this.partitions = partitions;
        }

        /** Those that began after it, and that it was not told of. */
        private List<MemberId> newsFor(MemberId member) {
            Set<MemberId> known = heard.getOrDefault(member, Set.of());
            return present.subList(present.indexOf(member) + 1, present.size()).stream()
                    .filter(other -> !known.contains(other))
                    .toList();
        }

        private void heard(MemberId member) {
            heard.put(member, Set.copyOf(present));
        }
    }
}
