package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one member says it serves, what it has heard of the others, and what follows: the ring of
 * each service, and which of its own services it must give up because another was first. Knows no
 * threads, clocks or channels; not thread-safe.
 *
 * <p>A ring is known only once every server of the view has announced: one not heard yet might
 * belong to it. A ring with this member in it waits besides until all others have confirmed that
 * they know it serves: else two that begin at once would each own alone.
 */
public final class Agreement {

    private final MemberId self;
    private final Map<String, Offer> offers = new LinkedHashMap<>();

    /** What it has of services that it has not begun to serve in this life. */
    private final Map<String, Offer> had = new LinkedHashMap<>();

    private final Map<String, Long> servedSince = new HashMap<>();
    private final Set<String> own = new HashSet<>();
    private final Restarts restarts;
    private Roster roster = Roster.NOBODY;
    private long version;

    /** Of a member that keeps nothing on disk. */
    public Agreement(MemberId self) {
        this(self, Restarts.nothing(self));
    }

    public Agreement(MemberId self, Restarts restarts) {
        this(self, restarts, Map.of());
    }

    /**
     * @param had the last ring of each service of which its directory has something: others hear of
     *     it before it serves them, so that nobody begins one anew meanwhile
     */
    public Agreement(MemberId self, Restarts restarts, Map<String, KeptRing> had) {
        this.self = self;
        this.restarts = restarts;
        had.forEach((service, ring) -> this.had.put(service, restarts.had(service, ring)));
    }

    // ---- what this member says -----------------------------------------------------------------

    /** What it must announce before it joins; null where that is nothing. */
    public @Nullable Announcement begin() {
        return had.isEmpty() ? null : announcement();
    }

    /** This member serves or uses a service; what it must announce now. */
    public Announcement offer(Offer offer) {
        offers.put(offer.service(), offer);
        if (offer.serving()) {
            had.remove(offer.service());
        }
        Announcement announcement = announcement();
        if (offer.serving()) {
            servedSince.put(offer.service(), version);
        }
        return announcement;
    }

    /** It serves that one for itself alone, and says nothing of it. */
    public void keep(String service) {
        own.add(service);
    }

    /** What it served for itself alone it serves for all from now on, once it offers that. */
    public void share(String service) {
        own.remove(service);
    }

    /** Whether it is served for this member alone. */
    public boolean keeps(String service) {
        return own.contains(service);
    }

    /** It neither serves nor uses the service any more; what it must announce now. */
    public Announcement withdraw(String service) {
        offers.remove(service);
        servedSince.remove(service);
        own.remove(service);
        restarts.withdraw(service);
        return announcement();
    }

    /** It is on its way out, and shall own nothing any more; what it must announce now. */
    public Announcement leave() {
        offers.replaceAll((name, offer) -> offer.leaving(true));
        return announcement();
    }

    /** It is about to serve that one no more; what it must announce now. */
    public Announcement leave(String service) {
        offers.computeIfPresent(service, (name, offer) -> offer.leaving(true));
        return announcement();
    }

    /** Whether there is room to say this, too: all that a member says is bounded. */
    public boolean hasRoomFor(Offer offer) {
        Map<String, Offer> all = new HashMap<>(offers);
        all.put(offer.service(), offer);
        return Announcement.descriptionBytes(all.values()) <= Announcement.DESCRIPTIONS_BYTES_MAX;
    }

    /** What it says of a service; empty where it says nothing. */
    public Optional<Offer> offered(String service) {
        return Optional.ofNullable(offers.get(service));
    }

    private Announcement announcement() {
        List<Offer> said = new ArrayList<>();
        Announcement.RingRoom room = new Announcement.RingRoom();
        for (Offer offer : offers.values()) {
            Life life = restarts.life(offer.service());
            // Where it cannot be said others take it for not here, which is never wrong.
            said.add(offer.living(room.takes(life) ? life : restarts.unsaid()));
        }
        for (Offer offer : had.values()) {
            boolean hasRoom =
                    said.size() < Announcement.OFFERS_MAX && !offers.containsKey(offer.service());
            if (hasRoom && room.takes(offer.life())) {
                said.add(offer);
            }
        }
        return new Announcement(++version, said);
    }

    // ---- what it hears -------------------------------------------------------------------------

    public void heard(Roster next) {
        roster = next;
        restarts.services().forEach(service -> restarts.heard(service, lives(service)));
    }

    // ---- what follows --------------------------------------------------------------------------

    /** The ring of a service with so many partitions; null while it is too early to say. */
    public @Nullable Ring ring(String service, int partitions) {
        if (keeps(service)) {
            return Ring.of(partitions, List.of(self), List.of());
        }
        if (!roster.isComplete()) {
            return null;
        }
        Lives lives = lives(service);
        Ring ring = ringOf(service, partitions, lives);
        boolean isEarly = ring.contains(self) && !isConfirmed(service);
        return isEarly || !restarts.mayBegin(service, lives) ? null : ring;
    }

    private Lives lives(String service) {
        return Lives.of(roster, service, self, restarts.life(service));
    }

    private Ring ringOf(String service, int partitions, Lives lives) {
        List<MemberId> staying = new ArrayList<>();
        List<MemberId> leaving = new ArrayList<>();
        Optional<Offer> rule = roster.rule(service);
        for (Member member : roster.serving(service)) {
            Offer offer = roster.offer(member.id(), service).orElseThrow();
            boolean isHere = lives.counts(member.id());
            if (isHere && rule.isPresent() && rule.get().agreesWith(offer)) {
                (offer.leaving() ? leaving : staying).add(member.id());
            }
        }
        return Ring.of(partitions, staying, leaving);
    }

    /** Whether all others know that this member serves it, or were waited for long enough. */
    public boolean isConfirmed(String service) {
        return keeps(service)
                || roster.confirmed() >= servedSince.getOrDefault(service, Long.MAX_VALUE);
    }

    // ---- what is kept over restarts ------------------------------------------------------------

    /**
     * What its journal has of a service that it is about to offer, and keeps: then it acts on no
     * ring of it before it may, nor before that ring is written.
     *
     * @param last the ring that was written last; {@link KeptRing#NONE} for none
     * @param isDamaged whether something of the service is missing
     */
    public void recovered(String service, KeptRing last, boolean isDamaged) {
        restarts.recovered(service, last, isDamaged);
    }

    /** Whether the ring of a service is written, or need not be; else it is from now on. */
    boolean isWritten(String service, Ring ring) {
        return keeps(service) || restarts.isWritten(service, ring, lives(service));
    }

    /** The {@link RingKeeper} has written that one: there may be a ring to act on now. */
    public void kept(String service, KeptRing ring) {
        restarts.kept(service, ring);
    }

    /**
     * Time has passed; come every second or so.
     *
     * @return services whose ring may be another now
     */
    public List<String> tick(long now) {
        Map<String, Lives> waiting = new LinkedHashMap<>();
        restarts.waiting().forEach(service -> waiting.put(service, lives(service)));
        return restarts.tick(now, waiting);
    }

    /** What it must announce, after rings were worked out; null where that is nothing new. */
    public @Nullable Announcement news() {
        return restarts.takeNews() ? announcement() : null;
    }

    /** Whether a kept service has begun since all stopped, and if not, why. */
    public Restart restart(String service) {
        return restarts.restart(service, lives(service));
    }

    /**
     * A service that this member may not serve as it does.
     *
     * @param mine what it offers
     * @param rule what the one offers that goes first
     */
    public record Late(Offer mine, Offer rule) {}

    /** Of two members that began at once with different settings the later one gives way. */
    public List<Late> late() {
        List<Late> late = new ArrayList<>();
        for (Offer mine : offers.values()) {
            Optional<Offer> rule = mine.serving() ? roster.rule(mine.service()) : Optional.empty();
            if (rule.isPresent() && !rule.get().agreesWith(mine)) {
                late.add(new Late(mine, rule.get()));
            }
        }
        return late;
    }

    /**
     * What another member serves that an offer of this one cannot stand beside.
     *
     * @param member who serves it
     * @param theirs how: the same service with other settings, or one of the same number
     */
    public record Conflict(Member member, Offer theirs) {}

    /** What stands in the way of an offer; null if nothing does. */
    public @Nullable Conflict conflict(Offer offer) {
        List<String> ofItsNumber = roster.servicesOf(ServiceSpec.numberOf(offer.service()));
        for (Member member : roster.members()) {
            for (String service : ofItsNumber) {
                Optional<Offer> theirs =
                        roster.offer(member.id(), service)
                                .filter(Offer::serving)
                                .filter(served -> !offer.isCompatible(served));
                if (theirs.isPresent() && !member.id().equals(self)) {
                    return new Conflict(member, theirs.get());
                }
            }
        }
        return null;
    }
}
