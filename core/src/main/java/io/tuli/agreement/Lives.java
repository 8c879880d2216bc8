package io.tuli.agreement;

import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the servers of one kept service say of their lives: which of them count, who runs it, and
 * who had it last. A pure function of what is announced, the same at all who have heard the same.
 */
final class Lives {

    /** Of a service that is not kept. */
    static final Lives NONE = new Lives(Map.of(), Set.of());

    /** The longest-standing first. */
    private final Map<MemberId, Life> lives;

    /** Who has something of it, and does not serve it yet. */
    private final Set<MemberId> idle;

    private final Map<MemberId, String> refused = new LinkedHashMap<>();
    private final Set<MemberId> outdated = new LinkedHashSet<>();

    private Lives(Map<MemberId, Life> lives, Set<MemberId> idle) {
        this.lives = lives;
        this.idle = idle;
        lives.forEach(
                (member, life) -> {
                    String why = refusal(member, life);
                    if (why != null) {
                        refused.put(member, why);
                    }
                });
    }

    /**
     * Those of a service.
     *
     * @param own what this member itself says by now; null where it does not serve the service
     */
    static Lives of(Roster roster, String service, MemberId self, @Nullable Life own) {
        Map<MemberId, Life> lives = new LinkedHashMap<>();
        Set<MemberId> idle = new LinkedHashSet<>();
        roster.offersOf(service)
                .forEach(
                        (member, offer) -> {
                            boolean isOwn = own != null && member.equals(self);
                            Life life = isOwn && offer.life() != null ? own : offer.life();
                            if (life != null) {
                                lives.put(member, life);
                            }
                            if (!offer.serving()) {
                                idle.add(member);
                            }
                        });
        idle.retainAll(lives.keySet());
        return lives.isEmpty() ? NONE : new Lives(lives, idle);
    }

    /** Whether nobody who serves it keeps it. */
    boolean isEmpty() {
        return lives.size() == idle.size();
    }

    // ---- who counts ----------------------------------------------------------------------------

    private @Nullable String refusal(MemberId member, Life life) {
        boolean isAfter = false;
        for (Map.Entry<MemberId, Life> entry : lives.entrySet()) {
            MemberId other = entry.getKey();
            isAfter |= other.equals(member);
            if (!other.equals(member) && other.node() == member.node()) {
                Life beside = entry.getValue();
                if (beside.boot() > life.boot()) {
                    return "a later life of its directory is here: " + both(member, other);
                }
                if (beside.boot() == life.boot() && !isOlder(life, beside, isAfter)) {
                    return "two members have copies of one directory: " + both(member, other);
                }
            }
        }
        return outdated(member, life);
    }

    /** Which of two with one directory goes on: the one that did before the other had come. */
    private static boolean isOlder(Life life, Life beside, boolean isFirst) {
        return life.isRunning() && (!beside.isRunning() || isFirst);
    }

    private static String both(MemberId member, MemberId other) {
        return "members=" + member + "," + other;
    }

    /** Others have known a later life of the directory: this is a copy of an earlier time. */
    private @Nullable String outdated(MemberId member, Life life) {
        for (Life each : lives.values()) {
            for (KeptRing.Server known : each.ring().servers()) {
                if (known.id().node() == member.node()
                        && !known.id().equals(member)
                        && known.boot() >= life.boot()) {
                    outdated.add(member);
                    return "its directory is an old copy: member="
                            + member
                            + " boot="
                            + life.boot()
                            + " known="
                            + known.id()
                            + " boot="
                            + known.boot();
                }
            }
        }
        return null;
    }

    /** Why a member takes no part in the service; null if it does. */
    @Nullable String refusal(MemberId member) {
        Life life = lives.get(member);
        boolean isDamaged = life != null && life.isDamaged();
        return isDamaged ? "something of the service is damaged there" : refused.get(member);
    }

    /** Whether others have known a later life of its directory. */
    boolean isOutdated(MemberId member) {
        return outdated.contains(member);
    }

    /** Whether it may be in a ring. */
    boolean counts(MemberId member) {
        return !idle.contains(member) && refusal(member) == null;
    }

    /** How many do. */
    int counting() {
        return (int) lives.keySet().stream().filter(this::counts).count();
    }

    /** Whether somebody acts on a ring of the service. */
    boolean isAnyRunning() {
        return lives.entrySet().stream()
                .anyMatch(entry -> entry.getValue().isRunning() && counts(entry.getKey()));
    }

    /** The number of a life; 0 where nothing is known of it. */
    long boot(MemberId member) {
        Life life = lives.get(member);
        return life == null ? 0 : life.boot();
    }

    // ---- who had it ----------------------------------------------------------------------------

    /** The latest ring that anybody has kept; {@link KeptRing#NONE} if there was none. */
    KeptRing latest() {
        KeptRing latest = KeptRing.NONE;
        for (Life life : lives.values()) {
            latest = life.ring().generation() > latest.generation() ? life.ring() : latest;
        }
        return latest;
    }

    /** Who had it last; of rings of one generation, as after a split, all. */
    List<KeptRing.Server> known() {
        return last().servers();
    }

    /**
     * The latest ring, or all of its generation together. What an old copy of a directory says is
     * not asked.
     */
    KeptRing last() {
        long generation = 0;
        Map<Long, KeptRing.Server> known = new TreeMap<>();
        for (Map.Entry<MemberId, Life> entry : lives.entrySet()) {
            KeptRing ring = entry.getValue().ring();
            if (ring.generation() >= generation && !outdated.contains(entry.getKey())) {
                if (ring.generation() > generation) {
                    known.clear();
                }
                generation = ring.generation();
                ring.servers()
                        .forEach(server -> known.merge(server.id().node(), server, Lives::later));
            }
        }
        List<KeptRing.Server> all = known.values().stream().limit(KeptRing.SERVERS_MAX).toList();
        return generation == 0 ? KeptRing.NONE : new KeptRing(generation, all, "");
    }

    private static KeptRing.Server later(KeptRing.Server one, KeptRing.Server other) {
        return one.boot() >= other.boot() ? one : other;
    }

    /** Whether nobody ever had it. */
    boolean isNew() {
        return lives.entrySet().stream()
                .allMatch(
                        entry ->
                                entry.getValue().ring().isNone()
                                        || outdated.contains(entry.getKey()));
    }

    /** Those of them that are not here, or do not count. */
    List<KeptRing.Server> missing() {
        Set<Long> here = new LinkedHashSet<>();
        for (MemberId member : lives.keySet()) {
            if (counts(member)) {
                here.add(member.node());
            }
        }
        List<KeptRing.Server> missing = new ArrayList<>(known());
        missing.removeIf(server -> here.contains(server.id().node()));
        return missing;
    }
}
