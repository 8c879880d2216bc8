package io.tuli.agreement;

import io.tuli.MemberId;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one member knows of the services it keeps: on which ring of each it acted last, in this life
 * or in an earlier one, and whether it may act on one again. A ring is written before it is acted
 * on. Knows no threads, clocks or disks; not thread-safe.
 */
public final class Restarts {

    /** Of one tick no more counts: a process that stood still has heard nobody. */
    private static final long TICK_NANOS_MOST = 2_000_000_000L;

    private final MemberId self;
    private final long boot;
    private final RestartRule rule;
    private final RingKeeper keeper;
    private final Map<String, Kept> services = new LinkedHashMap<>();
    private final Map<String, KeptRing> ended = new LinkedHashMap<>();
    private boolean isNews;
    private long tickedAt = Long.MIN_VALUE;

    /** What is known of one service. */
    private static final class Kept {
        private KeptRing ring = KeptRing.NONE;
        private KeptRing heard = KeptRing.NONE;
        private boolean isDamaged;
        private String refused = "";
        private boolean hasBegun;
        private @Nullable KeptRing writing;
        private List<KeptRing.Server> missing = List.of();
        private long waitedNanos;

        /** The last that it knows of, written or not. */
        private KeptRing last() {
            boolean isHeard = !hasBegun && heard.generation() >= ring.generation();
            return isHeard ? heard : ring;
        }
    }

    /**
     * @param boot the number of this life of the member's directory
     */
    public Restarts(MemberId self, long boot, RestartRule rule, RingKeeper keeper) {
        this.self = self;
        this.boot = boot;
        this.rule = rule;
        this.keeper = keeper;
    }

    /** Of a member that keeps nothing. */
    static Restarts nothing(MemberId self) {
        return new Restarts(self, 0, RestartRule.DEFAULT, RingKeeper.NONE);
    }

    // ---- what it keeps -------------------------------------------------------------------------

    /** It is about to serve that one, and to keep it. */
    void recovered(String service, KeptRing last, boolean isDamaged) {
        Kept kept = new Kept();
        KeptRing before = ended.getOrDefault(service, KeptRing.NONE);
        kept.ring = before.generation() > last.generation() ? before : last;
        kept.isDamaged = isDamaged;
        services.put(service, kept);
    }

    /** It serves that one no more. */
    void withdraw(String service) {
        Kept kept = services.remove(service);
        if (kept != null) {
            KeptRing writing = kept.writing;
            ended.put(service, writing == null ? kept.ring : writing);
        }
    }

    /** What this member says of a service; null where it keeps nothing of it. */
    @Nullable Life life(String service) {
        Kept kept = services.get(service);
        return kept == null
                ? null
                : new Life(boot, kept.last().announced(), kept.hasBegun, kept.isDamaged);
    }

    /** What it says of a service that it has something of, and does not serve yet. */
    Offer had(String service, KeptRing ring) {
        return Offer.kept(service, new Life(boot, ring.announced(), false, false));
    }

    /** What it says of a service where there is no room to say more. */
    Life unsaid() {
        return new Life(boot, KeptRing.NONE, false, true);
    }

    /** Whether what it says has changed since it was asked for that; once all is written. */
    boolean takeNews() {
        boolean isWriting = services.values().stream().anyMatch(kept -> kept.writing != null);
        boolean isToBeSaid = isNews && !isWriting;
        isNews &= !isToBeSaid;
        return isToBeSaid;
    }

    // ---- whether it may begin ------------------------------------------------------------------

    /** Whether there may be a ring, by what all who are here say. */
    boolean mayBegin(String service, Lives lives) {
        Kept kept = services.get(service);
        if (lives.isEmpty() || (kept != null && kept.hasBegun) || lives.isAnyRunning()) {
            return true;
        }
        return kept != null
                && isMet(lives, kept.missing.equals(lives.missing()) ? kept.waitedNanos : 0);
    }

    private boolean isMet(Lives lives, long waitedNanos) {
        return lives.isNew()
                ? lives.counting() >= rule.membersExpected()
                : rule.isMet(lives.known().size(), lives.missing().size(), waitedNanos);
    }

    /**
     * All who are here have said something. An old copy of a directory stays one, also when nobody
     * has kept any more that there was a later life: it says so itself from then on.
     */
    void heard(String service, Lives lives) {
        Kept kept = services.get(service);
        String why = lives.isOutdated(self) ? lives.refusal(self) : null;
        if (kept != null && why != null && kept.refused.isEmpty()) {
            kept.refused = why;
            kept.isDamaged = true;
            isNews = true;
        }
        if (kept != null) {
            remember(service, kept, lives);
        }
    }

    /**
     * Whom others wait for, or who runs it: else who begins anew, and has heard of them, would go
     * on without them once they are away again. Who waits writes it down, too.
     */
    private void remember(String service, Kept kept, Lives lives) {
        KeptRing last = lives.last();
        if (kept.hasBegun || last.isNone() || lives.refusal(self) != null) {
            return;
        }
        kept.heard = last;
        boolean isKnown = kept.ring.isOf(last.servers()) || kept.writing != null;
        if (!isKnown && !lives.isAnyRunning()) {
            kept.writing = last;
            keeper.keep(service, last);
        }
    }

    /** Why there is none yet. */
    Restart restart(String service, Lives lives) {
        Kept kept = services.get(service);
        String why = lives.refusal(self);
        if (why != null) {
            return new Restart.Refused(kept == null || kept.refused.isEmpty() ? why : kept.refused);
        }
        boolean isBegun = kept == null ? lives.isAnyRunning() : kept.hasBegun;
        return lives.isEmpty() || isBegun
                ? new Restart.Begun()
                : new Restart.Waits(lives.missing(), lives.counting(), rule.membersExpected());
    }

    /**
     * Time passes for those that wait.
     *
     * @param lives of each of them
     * @return those that have waited long enough just now
     */
    List<String> tick(long now, Map<String, Lives> lives) {
        long passed = tickedAt == Long.MIN_VALUE ? 0 : Math.min(now - tickedAt, TICK_NANOS_MOST);
        tickedAt = now;
        List<String> met = new ArrayList<>();
        lives.forEach(
                (service, said) -> {
                    Kept kept = services.get(service);
                    if (kept != null && !kept.hasBegun) {
                        remember(service, kept, said);
                        List<KeptRing.Server> missing = said.missing();
                        boolean isSame = missing.equals(kept.missing);
                        kept.missing = missing;
                        kept.waitedNanos = isSame ? kept.waitedNanos + passed : 0;
                        if (isMet(said, kept.waitedNanos)) {
                            met.add(service);
                        }
                    }
                });
        return met;
    }

    /** All that it keeps. */
    List<String> services() {
        return List.copyOf(services.keySet());
    }

    /** Those that wait. */
    List<String> waiting() {
        return services.entrySet().stream()
                .filter(entry -> !entry.getValue().hasBegun)
                .map(Map.Entry::getKey)
                .toList();
    }

    // ---- what is written -----------------------------------------------------------------------

    /**
     * Whether a ring is written, or need not be; if it must, it is from now on.
     *
     * @param lives of those in it
     */
    boolean isWritten(String service, Ring ring, Lives lives) {
        Kept kept = services.get(service);
        boolean isIn = ring.contains(self) || ring.leaving().contains(self);
        if (kept == null || !isIn) {
            return true;
        }
        List<KeptRing.Server> servers =
                Stream.concat(ring.servers().stream(), ring.leaving().stream())
                        .map(id -> new KeptRing.Server(id, lives.boot(id)))
                        .sorted((a, b) -> a.id().compareTo(b.id()))
                        .toList();
        if (kept.ring.isOf(servers)) {
            isNews |= !kept.hasBegun;
            kept.hasBegun = true;
            return true;
        }
        if (kept.writing == null) {
            KeptRing next = next(kept.ring, lives.latest(), servers);
            kept.writing = next;
            keeper.keep(service, next);
        }
        return false;
    }

    /** One that others have written already is taken over as it is. */
    private static KeptRing next(KeptRing own, KeptRing latest, List<KeptRing.Server> servers) {
        KeptRing last = latest.generation() > own.generation() ? latest : own;
        return last.isOf(servers) ? last : new KeptRing(last.next(), servers, "");
    }

    /** The keeper has written it. */
    void kept(String service, KeptRing ring) {
        Kept kept = services.get(service);
        if (kept != null && ring.equals(kept.writing)) {
            kept.writing = null;
            kept.ring = ring;
            isNews = true;
        }
    }
}
