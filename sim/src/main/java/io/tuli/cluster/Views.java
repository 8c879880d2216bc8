package io.tuli.cluster;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Confirmation;
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

    private static final long MILLI = Timeline.MILLI;
    private static final double HELD_UP = 0.1;

    private final Timeline timeline;
    private final SimNetwork network;
    private final Map<MemberId, Listener> present = new LinkedHashMap<>();
    private final Map<MemberId, Integer> sides = new HashMap<>();
    private final Map<MemberId, Long> lastTold = new HashMap<>();
    private final Map<Way, Carried> ways = new HashMap<>();

    /** A member of the group. */
    interface Listener {

        /** As the others see it. */
        Member member();

        boolean isLeaving();

        /** Whether it has said that it serves it, and not that it leaves. */
        boolean isServing(String service);

        void viewed(List<Member> members);

        void announced(MemberId from, Announcement theirs, boolean isWanting);

        void confirmed(MemberId from, Confirmation confirmation);

        void asked(MemberId from);
    }

    Views(Timeline timeline, SimNetwork network) {
        this.timeline = timeline;
        this.network = network;
    }

    // ---- who is there --------------------------------------------------------------------------

    void joins(Listener member) {
        present.put(member.member().id(), member);
    }

    void gone(MemberId member) {
        present.remove(member);
        sides.remove(member);
        ways.keySet().removeIf(way -> way.from.equals(member) || way.to.equals(member));
    }

    boolean isAnyoneLeaving() {
        return present.values().stream().anyMatch(member -> member.isLeaving());
    }

    /** Whether another member serves it, on the same side of a split. */
    boolean isServedBeside(MemberId member, String service) {
        return present.entrySet().stream()
                .filter(other -> !other.getKey().equals(member))
                .filter(other -> !isApart(other.getKey(), member))
                .anyMatch(other -> other.getValue().isServing(service));
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
        Map<Integer, List<Listener>> bySide = new LinkedHashMap<>();
        present.forEach(
                (id, member) ->
                        bySide.computeIfAbsent(side(id), side -> new ArrayList<>()).add(member));
        Comparator<List<Listener>> smallestFirst =
                Comparator.<List<Listener>>comparingLong(
                                side ->
                                        side.stream()
                                                .filter(each -> each.member().isServer())
                                                .count())
                        .thenComparingInt(List::size);
        present.clear();
        bySide.values().stream()
                .sorted(smallestFirst.reversed())
                .forEach(side -> side.forEach(this::joins));
        sides.clear();
    }

    /** Tells every member what it sees at this moment, each after a delay of its own. */
    void tell(long fromMillis, long toMillis) {
        present.forEach(
                (id, member) -> {
                    long at =
                            timeline.nowNanos()
                                    + timeline.between(fromMillis * MILLI, toMillis * MILLI);
                    long inOrder = Math.max(at, lastTold.getOrDefault(id, 0L) + 1);
                    lastTold.put(id, inOrder);
                    List<Member> view = viewOf(id);
                    timeline.at(inOrder, () -> member.viewed(view));
                });
    }

    /** Servers first, the longest-standing first in each. */
    private List<Member> viewOf(MemberId member) {
        return present.values().stream()
                .map(Listener::member)
                .filter(other -> !isApart(other.id(), member))
                .sorted(Comparator.comparing(Member::role))
                .toList();
    }

    // ---- what they say -------------------------------------------------------------------------

    /** Says something to one member, or to all of the view: such do not wait for each other. */
    void say(MemberId from, MemberId to, boolean isToAll, Consumer<Listener> word) {
        Carried carried = ways.computeIfAbsent(new Way(from, to, isToAll), way -> new Carried());
        carried.words.add(word);
        long usual = timeline.between(MILLI / 10, 20 * MILLI);
        long late = timeline.happens(HELD_UP) ? timeline.between(0, 400 * MILLI) : 0;
        carried.lastArrival = Math.max(timeline.nowNanos() + usual + late, carried.lastArrival + 1);
        timeline.at(carried.lastArrival, () -> arrive(from, to, carried));
    }

    /** Each arrival hands over what was said first: so nothing overtakes what waits for a cut. */
    private void arrive(MemberId from, MemberId to, Carried carried) {
        Listener receiver = present.get(to);
        if (receiver == null || isApart(from, to)) {
            carried.words.remove();
        } else if (network.isCut(from, to)) {
            timeline.after(
                    timeline.between(20 * MILLI, 200 * MILLI), () -> arrive(from, to, carried));
        } else {
            carried.words.remove().accept(receiver);
        }
    }

    private record Way(MemberId from, MemberId to, boolean isToAll) {}

    /** What is on its way from one member to another. */
    private static final class Carried {
        private final ArrayDeque<Consumer<Listener>> words = new ArrayDeque<>();
        private long lastArrival;
    }
}
