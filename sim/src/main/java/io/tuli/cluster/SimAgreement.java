package io.tuli.cluster;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.agreement.Agreement;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.AnnouncementExchange;
import io.tuli.agreement.Confirmation;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Offer;
import io.tuli.agreement.Restart;
import io.tuli.agreement.Restarts;
import io.tuli.agreement.RingBook;
import io.tuli.agreement.Roster;
import io.tuli.agreement.ServerBook;
import io.tuli.membership.MembershipTimings;
import io.tuli.outage.SimDisk;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Servers;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What one simulated member agrees on with the others: the exchange and the agreement that ship.
 * Views and words come from {@link Views}; rings go to the member's core a little later, as from
 * one thread to another. A member joins first and offers its services once it has heard all
 * servers, or has waited for them. One thread.
 */
final class SimAgreement implements AnnouncementExchange.Port, Views.Listener {

    private static final MembershipTimings TIMINGS = MembershipTimings.defaults();
    private static final long MILLI = Timeline.MILLI;
    private static final long OFFER_LATEST_NANOS = 40 * MILLI;
    private static final long HEARING_NANOS = 2_000 * MILLI;
    private static final long HANDED_LATEST_NANOS = 2 * MILLI;
    private static final long HELD_UP_NANOS = 60 * MILLI;
    private static final double HELD_UP = 0.05;

    /** With a planted bug, so long a member acts as if it had not heard what it confirmed. */
    private static final long UNHEARD_NANOS = 200 * MILLI;

    private final World world;
    private final Peer member;
    private final SimDisk disk;
    private final AnnouncementExchange exchange;
    private final Agreement agreement;
    private final RingBook rings;
    private final ServerBook servers;
    private final List<Hosted> toOffer = new ArrayList<>();
    private Roster roster = Roster.NOBODY;
    private Set<MemberId> view = Set.of();
    private boolean isLeaving;
    private final long[] handedNanos;

    SimAgreement(World world, Peer member, SimDisk disk) {
        this.world = world;
        this.member = member;
        this.disk = disk;
        this.agreement =
                new Agreement(
                        member.id(),
                        new Restarts(
                                member.id(),
                                disk.begin(),
                                world.tampering().restart(world.restartRule()),
                                this::keep),
                        disk.rings());
        this.servers = new ServerBook(member.id());
        this.rings = new RingBook(agreement);
        this.handedNanos = new long[member.loops()];
        this.exchange =
                new AnnouncementExchange(member.id(), TIMINGS.patience(), this, world.nowNanos());
        Announcement first = agreement.begin();
        if (first != null) {
            exchange.announce(first);
        }
        tickLater();
    }

    private void tickLater() {
        world.timeline()
                .after(
                        Durations.nanos(TIMINGS.tick()),
                        () -> {
                            if (member.isAlive()) {
                                if (!member.isPaused()) {
                                    exchange.tick(world.nowNanos());
                                    tickRestarts();
                                }
                                tickLater();
                            }
                        });
    }

    private void begins(String service, KeptRing ring) {
        for (KeptRing.Server server : ring.servers()) {
            if (world.disk(server.id().node()).isOld()) {
                throw world.breach("I15 an old copy of a disk is in no ring", ring + " " + member);
            }
        }
        if (goesOnApart(service, ring)) {
            world.splits();
        }
    }

    /**
     * Whether this one begins after a restart without another that had gone on without it: what
     * either did alone comes together as after a split.
     */
    private boolean goesOnApart(String service, KeptRing ring) {
        return agreement.restart(service) instanceof Restart.Waits waits
                && waits.missing().stream()
                        .map(missing -> world.disk(missing.id().node()).ring(service))
                        .anyMatch(theirs -> theirs.generation() >= ring.generation());
    }

    /** A ring that is to be written: one to act on has this life in it, else others told of it. */
    private void keep(String service, KeptRing ring) {
        if (!member.isAlive()) {
            return; // It was paused when it ended, and what had waited for it writes no more.
        }
        world.tell(() -> member + " keeps of " + service + " " + ring);
        if (ring.servers().stream().anyMatch(each -> each.id().equals(member.id()))) {
            begins(service, ring);
        }
        disk.stage(
                service,
                ring,
                () ->
                        member.aside(
                                () -> {
                                    agreement.kept(service, ring);
                                    refresh();
                                }));
    }

    private void tickRestarts() {
        if (!agreement.tick(world.nowNanos()).isEmpty()) {
            refresh();
        }
    }

    @Override
    public Member member() {
        Member.Role role = member.isServer() ? Member.Role.SERVER : Member.Role.CLIENT;
        return new Member(member.id(), member.toString(), role, "simulated", 0);
    }

    // ---- what the member offers ----------------------------------------------------------------

    /** The member serves or uses one more service. */
    void opened(Hosted hosted) {
        toOffer.add(hosted);
        world.timeline().after(HEARING_NANOS, () -> member.aside(() -> offer(hosted)));
        offerIfComplete();
    }

    private void offerIfComplete() {
        if (roster.isComplete() && !roster.members().isEmpty()) {
            for (Hosted hosted : toOffer) {
                long soon = world.timeline().between(0, OFFER_LATEST_NANOS);
                world.timeline().after(soon, () -> member.aside(() -> offer(hosted)));
            }
        }
    }

    private void offer(Hosted hosted) {
        if (toOffer.remove(hosted) && !isLeaving) {
            Offer offer =
                    new Offer(
                            hosted.spec.name(),
                            hosted.spec.partitions(),
                            member.isServer(),
                            false,
                            "",
                            hosted.config.description());
            if (hosted.spec.isKept()) {
                agreement.recovered(hosted.spec.name(), disk.ring(hosted.spec.name()), false);
            }
            announce(agreement.offer(offer));
            refresh();
        }
    }

    /** It is on its way out. */
    void leave() {
        isLeaving = true;
        member.aside(() -> announce(agreement.leave()));
    }

    /** It is about to serve that one no more. */
    void leave(Hosted hosted) {
        member.aside(() -> announce(agreement.leave(hosted.spec.name())));
    }

    /** It has no part in it any more; its loops hear of it after all that they are to hear yet. */
    void withdraw(Hosted hosted, IntConsumer loopLeaves) {
        hosted.isLeft = true;
        toOffer.remove(hosted);
        announce(agreement.withdraw(hosted.spec.name()));
        rings.forget(hosted.number());
        servers.forget(hosted.spec.name());
        hand(loopLeaves);
    }

    @Override
    public boolean isLeaving() {
        return isLeaving;
    }

    @Override
    public boolean isServing(String service) {
        return !isLeaving
                && agreement
                        .offered(service)
                        .filter(offer -> offer.serving() && !offer.leaving())
                        .isPresent();
    }

    private void announce(Announcement announcement) {
        exchange.announce(announcement);
        exchange.settle(world.nowNanos());
    }

    // ---- what it hears -------------------------------------------------------------------------

    @Override
    public void viewed(List<Member> members) {
        member.aside(
                () -> {
                    world.tell(() -> member + " is told a view of " + members.size());
                    view = new LinkedHashSet<>();
                    members.forEach(each -> view.add(each.id()));
                    exchange.viewed(members);
                    exchange.settle(world.nowNanos());
                });
    }

    private void hear(Runnable word) {
        member.aside(
                () -> {
                    word.run();
                    exchange.settle(world.nowNanos());
                });
    }

    @Override
    public void announced(MemberId from, Announcement theirs, boolean isWanting) {
        if (isWanting && world.tampering().isConfirmedUnheard()) {
            member.aside(() -> confirm(from, new Confirmation(theirs.version(), 0)));
            world.timeline().after(UNHEARD_NANOS, () -> hear(from, theirs, false));
        } else {
            hear(from, theirs, isWanting);
        }
    }

    private void hear(MemberId from, Announcement theirs, boolean isWanting) {
        hear(() -> exchange.announced(from, theirs, isWanting));
    }

    @Override
    public void confirmed(MemberId from, Confirmation confirmation) {
        hear(() -> exchange.confirmed(from, confirmation));
    }

    @Override
    public void asked(MemberId from) {
        hear(() -> exchange.asked(from));
    }

    // ---- what it says --------------------------------------------------------------------------

    @Override
    public void announceToAll(Announcement mine, boolean isWanting) {
        Consumer<Views.Listener> word = other -> other.announced(member.id(), mine, isWanting);
        for (MemberId to : view) {
            if (!to.equals(member.id())) {
                world.views().say(member.id(), to, true, word);
            }
        }
    }

    @Override
    public void announce(MemberId to, Announcement mine, boolean isWanting) {
        say(to, other -> other.announced(member.id(), mine, isWanting));
    }

    @Override
    public void confirm(MemberId to, Confirmation confirmation) {
        say(to, other -> other.confirmed(member.id(), confirmation));
    }

    @Override
    public void ask(MemberId to) {
        say(to, other -> other.asked(member.id()));
    }

    private void say(MemberId to, Consumer<Views.Listener> word) {
        if (view.contains(to)) {
            world.views().say(member.id(), to, false, word);
        }
    }

    // ---- what follows --------------------------------------------------------------------------

    @Override
    public void changed(Roster next) {
        roster = next;
        Roster heard = world.tampering().heard(member, next);
        agreement.heard(heard);
        List<MemberId> present = next.members().stream().map(Member::id).toList();
        Map<Integer, Servers> serving = new LinkedHashMap<>();
        for (Hosted hosted : member.services()) {
            Servers now = hosted.isLeft ? null : servers.renew(heard, hosted.spec.name());
            if (now != null) {
                serving.put(hosted.number(), now);
            }
        }
        hand(loop -> member.membersChanged(loop, present, serving));
        offerIfComplete();
        refresh();
    }

    /** Works the rings out anew, and hands those on that are others. */
    private void refresh() {
        Map<Integer, Ring> changed = new LinkedHashMap<>();
        for (Hosted hosted : member.services()) {
            boolean hasRing = !hosted.spec.isStateless() && !hosted.isLeft;
            Ring ring = hasRing ? rings.renew(hosted.spec) : null;
            if (ring != null) {
                changed.put(hosted.number(), ring);
            }
        }
        if (!changed.isEmpty()) {
            hand(loop -> member.ringsChanged(loop, changed));
        }
        if (isKeeping()) {
            world.timeline().after(0, () -> member.aside(this::sayNews));
        }
    }

    private boolean isKeeping() {
        return member.services().stream().anyMatch(hosted -> hosted.spec.isKept());
    }

    /** Others are told what is kept here; and the operator, where it may not be used. */
    private void sayNews() {
        Announcement news = agreement.news();
        if (news != null) {
            announce(news);
        }
        for (Hosted hosted : member.services()) {
            if (agreement.restart(hosted.spec.name()) instanceof Restart.Refused refused) {
                world.refused(member, refused);
            }
        }
    }

    /** Whether it acts on a ring of all that it keeps. */
    boolean hasBegun() {
        return member.services().stream()
                .filter(hosted -> hosted.spec.isKept())
                .allMatch(
                        hosted ->
                                !toOffer.contains(hosted)
                                        && !disk.ring(hosted.spec.name()).isNone()
                                        && agreement.restart(hosted.spec.name())
                                                instanceof Restart.Begun);
    }

    /** To the loops, each of which may have other things to do. */
    private void hand(IntConsumer news) {
        Timeline timeline = world.timeline();
        for (int each = 0; each < handedNanos.length; each++) {
            int loop = each;
            boolean isHeldUp = timeline.happens(HELD_UP);
            long soon = timeline.between(0, isHeldUp ? HELD_UP_NANOS : HANDED_LATEST_NANOS);
            handedNanos[loop] = Math.max(timeline.nowNanos() + soon, handedNanos[loop] + 1);
            timeline.at(handedNanos[loop], () -> news.accept(loop));
        }
    }
}
