package io.tuli.ask;

import io.tuli.MemberId;
import io.tuli.call.Caller;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who was refused for want of room, and is told when there is some: in turn, each loop of each
 * member by itself, for as many asks as were refused, and the room is kept for it for a moment. Who
 * has had all that, or lets it pass, may ask like others. One thread at a time.
 */
final class OwedRooms {

    /** So long a place is kept for whom it was offered. */
    static final long KEPT_NANOS = 20_000_000L;

    private final Map<Place, Owed> owed = new LinkedHashMap<>();
    private int reserved;

    /** One loop of a member. */
    private record Place(MemberId member, int loop) {}

    /** What one is owed, and for how many asks a place is kept. */
    static final class Owed {
        final MemberId member;
        final long call;

        /** As many as its member may have open in all. */
        final int most;

        /** Refused, and not offered yet. */
        private int wanted;

        private int reserved;
        private long untilNanos;

        /** It has had as much as it was refused. */
        boolean isPaid() {
            return wanted == 0 && reserved == 0;
        }

        private Owed(MemberId member, long call, int most) {
            this.member = member;
            this.call = call;
            this.most = most;
        }
    }

    /** Says that somebody has so many places. */
    @FunctionalInterface
    interface Offer {
        void offered(Owed to, int places);
    }

    /** Places kept for those who were told. */
    int reserved() {
        return reserved;
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    /** This call was refused. */
    void refused(MemberId member, long call, int most) {
        owed.computeIfAbsent(placeOf(member, call), none -> new Owed(member, call, most)).wanted++;
    }

    private static Place placeOf(MemberId member, long call) {
        return new Place(member, Caller.loopOf(call));
    }

    /** Takes a place that is kept for this call's loop; null if there is none. */
    @Nullable Owed take(MemberId member, long call) {
        if (reserved == 0) {
            return null;
        }
        Place place = placeOf(member, call);
        Owed known = owed.get(place);
        if (known == null || known.reserved == 0) {
            return null;
        }
        known.reserved--;
        reserved--;
        if (known.isPaid()) {
            owed.remove(place);
        }
        return known;
    }

    /**
     * Gives out places that have become free: to each its part, whose turn it is first.
     *
     * @param openOf how many of a member run or wait
     */
    void offer(int free, ToIntFunction<MemberId> openOf, long now, Offer offer) {
        int left = free;
        int share = Math.max(1, free / Math.max(1, owed.size()));
        for (Map.Entry<Place, Owed> next : List.copyOf(owed.entrySet())) {
            if (left == 0) {
                return;
            }
            Owed to = next.getValue();
            int own = to.most - openOf.applyAsInt(to.member) - reservedFor(to.member);
            int places = Math.min(Math.min(share, left), Math.min(own, to.wanted));
            if (places > 0) {
                owed.remove(next.getKey());
                owed.put(next.getKey(), to);
                to.wanted -= places;
                to.reserved += places;
                to.untilNanos = now + KEPT_NANOS;
                reserved += places;
                left -= places;
                offer.offered(to, places);
            }
        }
    }

    private int reservedFor(MemberId member) {
        int sum = 0;
        for (Owed each : owed.values()) {
            sum += each.member.equals(member) ? each.reserved : 0;
        }
        return sum;
    }

    /** Those who have let their time pass: nothing is owed them any more. */
    List<Owed> lapsed(long now) {
        List<Owed> lapsed = List.of();
        if (reserved > 0) {
            for (Map.Entry<Place, Owed> each : List.copyOf(owed.entrySet())) {
                Owed known = each.getValue();
                if (known.reserved > 0 && now - known.untilNanos >= 0) {
                    lapsed = lapsed.isEmpty() ? new ArrayList<>() : lapsed;
                    lapsed.add(known);
                    remove(each.getKey(), known);
                }
            }
        }
        return lapsed;
    }

    /** There is no link to the member any more. */
    void forget(MemberId member) {
        for (Map.Entry<Place, Owed> each : List.copyOf(owed.entrySet())) {
            if (each.getKey().member().equals(member)) {
                remove(each.getKey(), each.getValue());
            }
        }
    }

    private void remove(Place place, Owed known) {
        owed.remove(place);
        reserved -= known.reserved;
        known.reserved = 0;
    }
}
