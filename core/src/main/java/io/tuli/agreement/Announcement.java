package io.tuli.agreement;

import io.tuli.error.Require;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that one member says about itself, at one time. State, never an event: it is repeated, and
 * only the newest counts, so a lost one heals. Immutable.
 *
 * @param version counts what the member says during this life; a higher one replaces a lower one
 * @param offers at most one per service; at most 500, whose descriptions have at most 64 KiB
 */
public record Announcement(long version, List<Offer> offers) {

    /** So many services one member may serve and use. */
    public static final int OFFERS_MAX = 500;

    /** So much one member says of all its services. */
    public static final int DESCRIPTIONS_BYTES_MAX = 64 * 1024;

    /** So many different lives of servers are in all rings that one member has kept. */
    public static final int KEPT_SERVERS_MAX = 1_000;

    /** So many servers have all different rings of them together. */
    public static final int KEPT_PLACES_MAX = 30_000;

    /** What a member says that has joined and has nothing to say yet. */
    public static final Announcement NOTHING = new Announcement(0, List.of());

    public Announcement {
        Require.argument(version >= 0, "an announcement's version must be >= 0", version);
        Require.argument(
                offers.size() <= OFFERS_MAX,
                "a member announces at most 500 services",
                offers.size());
        offers = List.copyOf(offers);
        long services = offers.stream().map(Offer::service).distinct().count();
        Require.argument(services == offers.size(), "one offer per service", offers);
        int described = descriptionBytes(offers);
        Require.argument(
                described <= DESCRIPTIONS_BYTES_MAX,
                "all that a member says of its services has at most 65536 bytes",
                described);
        Require.argument(
                hasRoomForRings(offers),
                "all rings that a member has kept name at most 1000 servers, in 30000 places",
                services);
    }

    /** How much of what a member knows from earlier lives can be said; ring by ring. */
    static final class RingRoom {

        private final Set<List<KeptRing.Server>> rings = new HashSet<>();
        private final Set<KeptRing.Server> servers = new HashSet<>();
        private int places;

        /** Takes one more ring; false, and nothing is taken, where there is no room for it. */
        boolean takes(@Nullable Life life) {
            if (life == null || rings.contains(life.ring().servers())) {
                return true;
            }
            List<KeptRing.Server> ring = life.ring().servers();
            long others = ring.stream().distinct().filter(each -> !servers.contains(each)).count();
            if (places + ring.size() > KEPT_PLACES_MAX
                    || servers.size() + others > KEPT_SERVERS_MAX) {
                return false;
            }
            rings.add(ring);
            servers.addAll(ring);
            places += ring.size();
            return true;
        }
    }

    private static boolean hasRoomForRings(Collection<Offer> offers) {
        RingRoom room = new RingRoom();
        return offers.stream().allMatch(offer -> room.takes(offer.life()));
    }

    /** How much the descriptions of all these have together. */
    static int descriptionBytes(Collection<Offer> offers) {
        int bytes = 0;
        for (Offer offer : offers) {
            bytes += offer.description().bytes();
        }
        return bytes;
    }
}
