package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.agreement.Agreement;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Offer;
import io.tuli.agreement.Restart;
import io.tuli.agreement.RingBook;
import io.tuli.agreement.Roster;
import io.tuli.agreement.ServerBook;
import io.tuli.loop.Loops;
import io.tuli.loop.NodeLoop;
import io.tuli.loop.PartitionOpener;
import io.tuli.membership.Membership;
import io.tuli.protocol.Servers;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.service.Listeners;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries what members agree on to where it is acted upon: rosters into {@link Agreement}, rings
 * from there to loops and services, what this member offers to the membership.
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
    private final Agreement agreement;
    private final RingBook rings;
    private final ServerBook servers;
    private volatile Roster roster = Roster.NOBODY;
    private final RestartNews restarts;
    private final Consumer<String> onStale;
    private @Nullable Membership membership;
    private volatile boolean isLeaving;

    /** What of a member it carries things between. */
    record Parts(
            MemberId self,
            Loops loops,
            ServiceBook services,
            PartitionOpener opener,
            Listeners listeners) {}

    /**
     * @param onStale told why this member's directory is not to be used any more
     */
    Directory(Parts parts, Agreement agreement, RestartNews restarts, Consumer<String> onStale) {
        this.onStale = onStale;
        this.self = parts.self;
        this.servers = new ServerBook(parts.self);
        this.agreement = agreement;
        this.restarts = restarts;
        this.rings = new RingBook(agreement);
        this.opener = parts.opener;
        this.loops = parts.loops;
        this.services = parts.services;
        this.listeners = parts.listeners;
    }

    /** Before anything is announced. */
    synchronized void announceTo(Membership joined) {
        membership = joined;
        Announcement first = agreement.begin();
        if (first != null) {
            announce(first);
        }
    }

    Roster roster() {
        return roster;
    }

    // ---- who is there --------------------------------------------------------------------------

    synchronized void roster(Roster next) {
        Roster before = roster;
        roster = next;
        agreement.heard(next);
        tellChanges(before, next);
        tellServices(before, next);
        List<MemberId> present = next.members().stream().map(Member::id).toList();
        for (NodeLoop loop : loops.all()) {
            loop.post(() -> loop.members(present));
        }
        refuseIfLate();
        services.all().forEach(this::refresh);
        announceNews();
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

    /** As soon as somebody serves it, and as soon as nobody stays who does. */
    private void tellServices(Roster before, Roster next) {
        Set<String> names = new TreeSet<>(before.services());
        names.addAll(next.services());
        for (String name : names) {
            boolean wasServed = !before.servers(name).isEmpty();
            boolean isServed = !next.servers(name).isEmpty();
            if (wasServed != isServed) {
                MeshEvent.Kind kind =
                        isServed ? MeshEvent.Kind.SERVICE_APPEARED : MeshEvent.Kind.SERVICE_GONE;
                (isServed ? next : before)
                        .description(name)
                        .ifPresent(
                                of ->
                                        listeners.tell(
                                                MeshEvent.of(kind, described(of)).description(of)));
            }
        }
    }

    private static String described(ServiceDescription of) {
        String application = of.application().isEmpty() ? "" : " application=" + of.application();
        String version = of.version().isEmpty() ? "" : " version=" + of.version();
        return "servers=" + of.servers().size() + application + version;
    }

    /** What is served. */
    List<ServiceDescription> descriptions() {
        Roster now = roster;
        return now.services().stream()
                .flatMap(service -> now.description(service).stream())
                .toList();
    }

    private void tell(MeshEvent.Kind kind, Member member) {
        listeners.tell(MeshEvent.of(kind, member.toString()).member(member));
    }

    // ---- rings ---------------------------------------------------------------------------------

    /** Works a service's ring out anew, and tells the loops if it is another. */
    synchronized void refresh(LocalService service) {
        if (service.isRefused() || service.closing().isShut()) {
            return;
        }
        tellServers(service);
        if (!agreement.keeps(service.name())) {
            if (!roster.isComplete()) {
                return;
            }
            roster.rule(service.name()).ifPresent(rule -> adopt(service, rule.partitions()));
        }
        if (service.spec().isStateless()) {
            return;
        }
        Ring ring = rings.renew(service.spec());
        tellRestart(service);
        if (ring != null) {
            service.ringChanged(ring);
            for (NodeLoop loop : loops.all()) {
                loop.post(() -> loop.ring(service.number(), ring));
            }
        }
    }

    /** Whom calls to whichever server can ask. */
    private void tellServers(LocalService service) {
        Servers changed =
                agreement.keeps(service.name())
                        ? servers.renewOwn(service.name(), service.config().description())
                        : servers.renew(roster, service.name());
        if (changed != null) {
            service.serversChanged(changed);
            for (NodeLoop loop : loops.all()) {
                loop.post(() -> loop.servers(service.number(), changed));
            }
        }
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
                        spec.isChecked(),
                        spec.keepsBefore(),
                        spec.expireAfterMillis(),
                        spec.syncMillis());
        if (service.renew(served)) {
            agreement
                    .offered(spec.name())
                    .ifPresent(before -> announce(agreement.offer(before.partitions(partitions))));
            rings.forget(spec.number());
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

    // ---- what is kept over restarts ------------------------------------------------------------

    /** What this member's journal has of a service's servers; before it offers to serve it. */
    synchronized void recovered(String service, KeptRing last) {
        agreement.recovered(service, last, false);
        if (!last.isNone()) {
            restarts.recovered(service);
        }
    }

    /** A ring is written: it may be acted on. */
    synchronized void kept(String service, KeptRing ring) {
        agreement.kept(service, ring);
        services.find(service).ifPresent(this::refresh);
        announceNews();
    }

    /** A second has passed, or so. */
    synchronized void tick(long now) {
        for (String service : agreement.tick(now)) {
            restarts.goesOn(service, agreement.restart(service));
            services.find(service).ifPresent(this::refresh);
        }
        services.all().forEach(this::tellRestart);
        announceNews();
    }

    /** Whether calls of a service wait for servers that are not back. */
    boolean isWaiting(LocalService service) {
        return !whyWaiting(service).isEmpty();
    }

    /** For whom they wait, in words; empty if they do not. Takes no lock. */
    String whyWaiting(LocalService service) {
        return restarts.whyWaiting(service.name());
    }

    private void tellRestart(LocalService service) {
        boolean isOver = service.isRefused() || service.closing().isShut();
        if (!isOver && !agreement.keeps(service.name())) {
            Restart restart = agreement.restart(service.name());
            restarts.tell(service, restart);
            if (restart instanceof Restart.Refused refused && service.spec().isKept()) {
                announce(agreement.withdraw(service.name()));
                onStale.accept(refused.text());
                refuse(service, refused.text());
            }
        }
    }

    private void announceNews() {
        Announcement news = agreement.news();
        if (news != null) {
            announce(news);
        }
    }

    /** Forgets what was told of a service, so that it is told again. */
    synchronized void reopened(LocalService service) {
        forget(service);
        refresh(service);
        announceNews();
    }

    private void forget(LocalService service) {
        rings.forget(service.number());
        servers.forget(service.name());
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

    /** This member serves it for itself alone: nothing is announced. */
    synchronized void keep(String service) {
        agreement.keep(service);
    }

    /** It is for all from now on, and is announced. */
    synchronized void share(Offer offer) {
        agreement.share(offer.service());
        announce(agreement.offer(offer));
    }

    /** Who serves it and stays, in no order. */
    synchronized List<MemberId> servers(String service) {
        return agreement.keeps(service) ? List.of(self) : roster.servers(service);
    }

    /** The same, as members. */
    synchronized List<Member> serving(String service) {
        return servers(service).stream().flatMap(id -> roster.member(id).stream()).toList();
    }

    /** Announces that this member serves or uses a service. */
    synchronized void offer(Offer offer) {
        announce(agreement.offer(offer));
    }

    /**
     * Looks whether this can be announced.
     *
     * @throws TuliException CONFLICT when others serve it otherwise, or one of the same number;
     *     TOO_LARGE when this member says too much of its services
     */
    synchronized void require(Offer offer) {
        if (!agreement.hasRoomFor(offer)) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "all that a member says of its services has at most "
                            + Announcement.DESCRIPTIONS_BYTES_MAX
                            + " bytes: say less in describe() of "
                            + offer.service());
        }
        Agreement.Conflict conflict = agreement.conflict(offer);
        if (conflict != null) {
            throw refused(offer, conflict);
        }
    }

    private static TuliException refused(Offer ours, Agreement.Conflict conflict) {
        Offer theirs = conflict.theirs();
        String why;
        if (!ours.service().equals(theirs.service())) {
            why = "two services of one mesh cannot have one number: rename " + ours.service();
        } else if (ours.partitions() == 0 || theirs.partitions() == 0) {
            boolean isStatelessHere = ours.partitions() == 0;
            why =
                    "a service is stateless at all members or at none: "
                            + ours.service()
                            + (isStatelessHere ? " is stateless here" : " is not stateless here");
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
                        + conflict.member().name()
                        + " at "
                        + conflict.member().address()
                        + " serves "
                        + theirs.service());
    }

    /** Of two members that began at once with different settings the later one gives way. */
    private void refuseIfLate() {
        for (Agreement.Late late : agreement.late()) {
            String name = late.mine().service();
            announce(agreement.withdraw(name));
            String why = lateBecause(late.mine(), late.rule());
            services.find(name).ifPresent(service -> refuse(service, why));
            listeners.tell(MeshEvent.of(MeshEvent.Kind.SERVICE_REFUSED, why).service(name));
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
        Ring nobody = rings.nobody(service.spec());
        service.ringChanged(nobody);
        for (NodeLoop loop : loops.all()) {
            loop.post(
                    () -> {
                        loop.ring(service.number(), nobody);
                        loop.caller().giveUp(service.number(), Failure.CONFLICT, why);
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
        waitUntil(() -> agreement.isConfirmed(service.name()) || service.isRefused(), timeoutNanos);
        service.requireAgreement();
    }

    /** Announces that this member is on its way out. */
    synchronized void leave() {
        isLeaving = true;
        announce(agreement.leave());
    }

    /** Announces that this member is about to serve that one no more. */
    synchronized void leave(String service) {
        announce(agreement.leave(service));
    }

    /**
     * Announces that this member has no part in the service; nothing is told of it any more. Waits
     * until this member itself sees that, but not for long.
     */
    synchronized void withdraw(LocalService service, long timeoutNanos) {
        announce(agreement.withdraw(service.name()));
        forget(service);
        restarts.forget(service.name());
        waitUntil(() -> roster.offer(self, service.name()).isEmpty(), timeoutNanos);
    }

    boolean isLeaving() {
        return isLeaving;
    }

    private void announce(Announcement announcement) {
        if (membership != null) {
            membership.announce(announcement);
        }
    }
}
