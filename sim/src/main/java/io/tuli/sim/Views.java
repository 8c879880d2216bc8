package io.tuli.sim;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a group channel does: tells members who is there, and carries what they say to each other.
 * Each member is told of views in their order, but two members at different times. What one says to
 * another comes in order, some of it late; it is lost only where the two are on different sides by
 * then. What is said to all and what is said to one overtake each other. One thread.
 */
final class Views {

    private static final long MILLI = SimCluster.MILLI;
    private static final double HELD_UP = 0.1;

    private final Timeline timeline;
    private final SimNetwork network;
    private final Map<MemberId, SimMember> present = new LinkedHashMap<>();
    private final Map<MemberId, Integer> sides = new HashMap<>();
    private final Map<MemberId, Long> lastTold = new HashMap<>();
    private final Map<Way, Carried> ways = new HashMap<>();

    Views(Timeline timeline, SimNetwork network) {
        this.timeline = timeline;
        this.network = network;
    }

    // ---- who is there --------------------------------------------------------------------------

    void joins(SimMember member) {
        present.put(member.id(), member);
    }

    void gone(MemberId member) {
        present.remove(member);
        sides.remove(member);
        ways.keySet().removeIf(way -> way.from.equals(member) || way.to.equals(member));
    }

    boolean isAnyoneLeaving() {
        return present.values().stream().anyMatch(member -> member.agreement().isLeaving());
    }

    /**
     * Whether each service would keep a server without this one, on its side of a split: the last
     * there has nobody to hand over to.
     */
    boolean isDispensable(SimMember member) {
        for (Hosted hosted : member.services()) {
            boolean hasHeir =
                    present.values().stream()
                            .filter(other -> other != member)
                            .filter(other -> !isApart(other.id(), member.id()))
                            .anyMatch(other -> other.agreement().isServing(hosted));
            if (!hasHeir) {
                return false;
            }
        }
        return true;
    }

    // ---- who sees whom -------------------------------------------------------------------------

    private boolean isApart(MemberId a, MemberId b) {
        return side(a) != side(b);
    }

    private int side(MemberId member) {
        return sides.getOrDefault(member, 0);
    }

    /** From now on the member is seen only by those of the same side. */
    void put(MemberId member, int side) {
        sides.put(member, side);
    }

    /** The side with the most servers goes first, as in the views of the channel that ships. */
    void unite() {
        Map<Integer, List<SimMember>> bySide = new LinkedHashMap<>();
        for (SimMember member : present.values()) {
            bySide.computeIfAbsent(side(member.id()), side -> new ArrayList<>()).add(member);
        }
        Comparator<List<SimMember>> smallestFirst =
                Comparator.<List<SimMember>>comparingLong(
                                side -> side.stream().filter(SimMember::isServer).count())
                        .thenComparingInt(List::size);
        present.clear();
        bySide.values().stream()
                .sorted(smallestFirst.reversed())
                .forEach(side -> side.forEach(this::joins));
        sides.clear();
    }

    /** Tells every member what it sees at this moment, each after a delay of its own. */
    void tell(long fromMillis, long toMillis) {
        for (SimMember member : present.values()) {
            long at = timeline.nowNanos() + timeline.between(fromMillis * MILLI, toMillis * MILLI);
            long inOrder = Math.max(at, lastTold.getOrDefault(member.id(), 0L) + 1);
            lastTold.put(member.id(), inOrder);
            List<Member> view = viewOf(member.id());
            timeline.at(inOrder, () -> member.agreement().viewed(view));
        }
    }

    /** Servers first, the longest-standing first in each. */
    private List<Member> viewOf(MemberId member) {
        return present.values().stream()
                .filter(other -> !isApart(other.id(), member))
                .map(SimMember::member)
                .sorted(Comparator.comparing(Member::role))
                .toList();
    }

    // ---- what they say -------------------------------------------------------------------------

    /** Says something to one member, or to all of the view: such do not wait for each other. */
    void say(MemberId from, MemberId to, boolean isToAll, Consumer<SimAgreement> word) {
        Carried carried =
                ways.computeIfAbsent(new Way(from, to, isToAll), way -> new Carried());
        carried.words.add(word);
        long usual = timeline.between(MILLI / 10, 20 * MILLI);
        long late = timeline.happens(HELD_UP) ? timeline.between(0, 400 * MILLI) : 0;
        carried.lastArrival = Math.max(timeline.nowNanos() + usual + late, carried.lastArrival + 1);
        timeline.at(carried.lastArrival, () -> arrive(from, to, carried));
    }

    /** Each arrival hands over what was said first: so nothing overtakes what waits for a cut. */
    private void arrive(MemberId from, MemberId to, Carried carried) {
        SimMember receiver = present.get(to);
        if (receiver == null || isApart(from, to)) {
            carried.words.remove();
        } else if (network.isCut(from, to)) {
            timeline.after(
                    timeline.between(20 * MILLI, 200 * MILLI), () -> arrive(from, to, carried));
        } else {
            carried.words.remove().accept(receiver.agreement());
        }
    }

    private record Way(MemberId from, MemberId to, boolean isToAll) {}

    /** What is on its way from one member to another. */
    private static final class Carried {
        private final ArrayDeque<Consumer<SimAgreement>> words = new ArrayDeque<>();
        private long lastArrival;
    }
}
