package io.tuli.agreement;

import io.tuli.error.Require;
import java.util.Collection;
import java.util.List;

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
