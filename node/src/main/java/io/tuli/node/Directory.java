package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.loop.Loops;
import io.tuli.loop.NodeLoop;
import io.tuli.loop.PartitionOpener;
import io.tuli.membership.Announcement;
import io.tuli.membership.Membership;
import io.tuli.membership.Offer;
import io.tuli.membership.Roster;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.service.Listeners;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * From who is there and what they announce: the ring of each service of this member. It tells the
 * loops of a ring only once every server of the view has announced; before, one not heard yet might
 * belong to it. A ring with this member in it waits besides until all have confirmed that they know
 * it serves: else two that begin at once would each own alone.
 *
 * <p>Rosters come on the membership's thread, services on their users': a lock keeps them apart. It
 * is never held while waiting, and loops never take it.
 */
final class Directory {

    private final MemberId self;
    private final Loops loops;
    private final PartitionOpener opener;
    private final ServiceBook services;
    private final Listeners listeners;
    private final Map<Integer, Ring> rings = new HashMap<>();
    private final Map<String, Offer> offers = new LinkedHashMap<>();
    private final Map<String, Long> servedSince = new HashMap<>();
    private volatile Roster roster = Roster.NOBODY;
    private @Nullable Membership membership;
    private long version;
    private volatile boolean isLeaving;

    Directory(
            MemberId self,
            Loops loops,
            ServiceBook services,
            PartitionOpener opener,
            Listeners listeners) {
        this.self = self;
        this.opener = opener;
        this.loops = loops;
        this.services = services;
        this.listeners = listeners;
    }

    /** Before anything is announced. */
    synchronized void announceTo(Membership joined) {
        membership = joined;
    }

    Roster roster() {
        return roster;
    }

    // ---- who is there --------------------------------------------------------------------------

    synchronized void roster(Roster next) {
        Roster before = roster;
        roster = next;
        tellChanges(before, next);
        List<MemberId> present = next.members().stream().map(Member::id).toList();
        for (NodeLoop loop : loops.all()) {
            loop.post(() -> loop.members(present));
        }
        refuseIfLate();
        services.all().forEach(this::refresh);
        notifyAll();
    }

    private void tellChanges(Roster before, Roster next) {
        for (Member member : next.members()) {
            if (before.member(member.id()).isEmpty()) {
                tell(MeshEvent.Kind.MEMBER_JOINED, member);
            }
        }
        for (Member member : before.members()) {
            if (next.member(member.id()).isEmpty()) {
                tell(MeshEvent.Kind.MEMBER_LEFT, member);
            }
        }
    }

    private void tell(MeshEvent.Kind kind, Member member) {
        listeners.tell(MeshEvent.of(kind, member.toString()).member(member));
    }

    // ---- rings ---------------------------------------------------------------------------------

    /** Works a service's ring out anew, and tells the loops if it is another. */
    synchronized void refresh(LocalService service) {
        if (!roster.isComplete() || service.isRefused()) {
            return;
        }
        ruleOf(service.name()).ifPresent(rule -> adopt(service, rule.partitions()));
        Ring ring = ringOf(service.name(), service.spec().partitions());
        Ring before = rings.get(service.number());
        if (before != null && before.hash() == ring.hash()) {
            return;
        }
        if (ring.contains(self) && !isConfirmed(service.name())) {
            return;
        }
        rings.put(service.number(), ring);
        service.ringChanged(ring);
        for (NodeLoop loop : loops.all()) {
            loop.post(() -> tell(loop, service.number(), ring));
        }
    }

    private boolean isConfirmed(String service) {
        return roster.confirmed() >= servedSince.getOrDefault(service, Long.MAX_VALUE);
    }

    /** Who used a service before anybody served it could not know its number of partitions. */
    private void adopt(LocalService service, int partitions) {
        ServiceSpec spec = service.spec();
        if (spec.isServed() || spec.partitions() == partitions) {
            return;
        }
        ServiceSpec served =
                new ServiceSpec(
                        spec.number(),
                        spec.name(),
                        partitions,
                        false,
                        spec.partitioner(),
                        spec.merge(),
                        spec.isChecked());
        if (service.renew(served)) {
            Offer before = offers.get(spec.name());
            if (before != null) {
                offers.put(
                        spec.name(),
                        new Offer(
                                spec.name(),
                                partitions,
                                false,
                                before.leaving(),
                                before.settingsDigest()));
                announce();
            }
            rings.remove(spec.number());
            opener.reopen(service);
        } else {
            service.refuse(
                    "it is served with partitions="
                            + partitions
                            + " and feeds run here with partitions="
                            + spec.partitions()
                            + "; say partitions("
                            + partitions
                            + ") where it is used");
        }
    }

    private static void tell(NodeLoop loop, int service, Ring ring) {
        loop.ring(service, ring);
    }

    /** Forgets what was told of a service, so that it is told again. */
    synchronized void reopened(LocalService service) {
        rings.remove(service.number());
        refresh(service);
    }

    private Ring ringOf(String service, int partitions) {
        List<MemberId> staying = new ArrayList<>();
        List<MemberId> leaving = new ArrayList<>();
        Optional<Offer> rule = ruleOf(service);
        for (Member member : roster.serving(service)) {
            Offer offer = roster.offer(member.id(), service).orElseThrow();
            if (rule.isPresent() && rule.get().agreesWith(offer)) {
                (offer.leaving() ? leaving : staying).add(member.id());
            }
        }
        return Ring.of(partitions, staying, leaving);
    }

    /** The settings that hold for a service: those of its longest-standing server. */
    private Optional<Offer> ruleOf(String service) {
        return roster.serving(service).stream()
                .findFirst()
                .flatMap(member -> roster.offer(member.id(), service));
    }

    /** The members that serve it and are not on their way out, in no order. */
    List<MemberId> servers(String service) {
        Roster seen = roster;
        return seen.serving(service).stream()
                .map(Member::id)
                .filter(id -> !seen.offer(id, service).orElseThrow().leaving())
                .toList();
    }

    /** What the longest-standing server of a service has announced of it. */
    Optional<Offer> announced(String service) {
        return ruleOf(service);
    }

    /** All services anybody serves, sorted. */
    List<String> serviceNames() {
        TreeSet<String> names = new TreeSet<>();
        roster.announcements()
                .values()
                .forEach(
                        announcement ->
                                announcement.offers().stream()
                                        .filter(Offer::serving)
                                        .map(Offer::service)
                                        .forEach(names::add));
        return List.copyOf(names);
    }

    /** Waits, but not long, until every server has said what it serves. */
    synchronized void awaitComplete(long timeoutNanos) {
        waitUntil(() -> roster.isComplete(), timeoutNanos);
    }

    /** Gives the lock away while it waits; ends earlier where the thread is interrupted. */
    private synchronized void waitUntil(BooleanSupplier condition, long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        long left = timeoutNanos;
        while (!condition.getAsBoolean() && left > 0) {
            try {
                wait(Math.max(1, left / 1_000_000));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            left = deadline - System.nanoTime();
        }
    }

    // ---- what this member says -----------------------------------------------------------------

    /** Announces that this member serves or uses a service. */
    synchronized void offer(Offer offer) {
        offers.put(offer.service(), offer);
        announce();
        if (offer.serving()) {
            servedSince.put(offer.service(), version);
        }
    }

    /**
     * Looks whether this can be announced.
     *
     * @throws TuliException CONFLICT when others serve it otherwise, or one of the same number
     */
    void require(Offer offer) {
        for (Member member : roster.members()) {
            if (member.id().equals(self)) {
                continue;
            }
            for (Offer theirs : offersOf(member)) {
                if (theirs.serving() && !isCompatible(offer, theirs)) {
                    throw conflict(offer, member, theirs);
                }
            }
        }
    }

    private List<Offer> offersOf(Member member) {
        Announcement announcement = roster.announcements().get(member.id());
        return announcement == null ? List.of() : announcement.offers();
    }

    private static boolean isCompatible(Offer ours, Offer theirs) {
        return ours.service().equals(theirs.service())
                ? ours.agreesWith(theirs)
                : ServiceSpec.numberOf(ours.service()) != ServiceSpec.numberOf(theirs.service());
    }

    private static TuliException conflict(Offer ours, Member member, Offer theirs) {
        String why;
        if (!ours.service().equals(theirs.service())) {
            why = "two services of one mesh cannot have one number: rename " + ours.service();
        } else if (ours.partitions() != theirs.partitions()) {
            why =
                    "all members must agree on a service's partitions: "
                            + ours.service()
                            + " here="
                            + ours.partitions()
                            + " there="
                            + theirs.partitions();
        } else {
            why =
                    "all members must place the keys of a service, and merge its writes, alike: "
                            + ours.service();
        }
        return new TuliException(
                Outcome.FAILED,
                Failure.CONFLICT,
                why
                        + "; "
                        + member.name()
                        + " at "
                        + member.address()
                        + " serves "
                        + theirs.service());
    }

    /** Of two members that began at once with different settings the later one gives way. */
    private void refuseIfLate() {
        for (Offer mine : List.copyOf(offers.values())) {
            Optional<Offer> rule = mine.serving() ? ruleOf(mine.service()) : Optional.empty();
            if (rule.isPresent() && !rule.get().agreesWith(mine)) {
                offers.remove(mine.service());
                announce();
                String why = lateBecause(mine, rule.get());
                services.find(mine.service()).ifPresent(service -> refuse(service, why));
                listeners.tell(
                        MeshEvent.of(MeshEvent.Kind.SERVICE_REFUSED, why).service(mine.service()));
            }
        }
    }

    private static String lateBecause(Offer mine, Offer rule) {
        String others = "another member began to serve it at the same time, and goes first";
        return mine.partitions() == rule.partitions()
                ? others + ": it places keys, or merges writes, otherwise"
                : others + ": partitions here=" + mine.partitions() + " there=" + rule.partitions();
    }

    /** Its partitions have nothing to wait for, and its calls nobody to go to. */
    private void refuse(LocalService service, String why) {
        service.refuse(why);
        Ring nobody = Ring.of(service.spec().partitions(), List.of(), List.of());
        rings.put(service.number(), nobody);
        service.ringChanged(nobody);
        for (NodeLoop loop : loops.all()) {
            loop.post(
                    () -> {
                        tell(loop, service.number(), nobody);
                        loop.caller().refuse(service.number(), why);
                    });
        }
    }

    /**
     * Waits, but not for long, until all others know that this member serves it: then it knows
     * whether they agree.
     *
     * @throws TuliException CONFLICT when another that began at the same time goes first
     */
    synchronized void awaitAgreed(LocalService service, long timeoutNanos) {
        waitUntil(() -> isConfirmed(service.name()) || service.isRefused(), timeoutNanos);
        service.requireAgreement();
    }

    /** Announces that this member is on its way out. */
    synchronized void leave() {
        isLeaving = true;
        offers.replaceAll(
                (name, offer) ->
                        new Offer(
                                name,
                                offer.partitions(),
                                offer.serving(),
                                true,
                                offer.settingsDigest()));
        announce();
    }

    boolean isLeaving() {
        return isLeaving;
    }

    private void announce() {
        if (membership != null) {
            membership.announce(new Announcement(++version, List.copyOf(offers.values())));
        }
    }
}
