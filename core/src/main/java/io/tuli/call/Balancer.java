package io.tuli.call;

import io.tuli.MemberId;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Servers;
import io.tuli.protocol.Servers.Distance;
import io.tuli.protocol.Servers.Server;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which server of a service takes the next call of one loop: of those that are ready the one with
 * the fewest of this loop's calls, and of equals the one whose last was longest ago, whatever calls
 * of other kinds there are. Few are all looked at; of many, some that follow each other, from one
 * that is another each time: as good as the best of as many drawn at random (Mitzenmacher, The
 * Power of Two Choices), and never one of them twice. Pure; one thread; a choice makes no object.
 *
 * <p>What a call demands comes first: servers of other versions are not there for it. Then {@link
 * VersionShares} say whose turn it is, then nearer ones go before others if it says so.
 */
final class Balancer {

    /** So many are all looked at. */
    static final int ALL = 32;

    /** Of more, so many that are ready. */
    static final int SOME = 8;

    private final Routes routes;
    private Servers servers = Servers.UNKNOWN;
    private Worker[] workers = {};
    private VersionShares shares = VersionShares.NONE;
    private int turn;
    private long chosen;

    /** Calls for which nobody is ready. */
    final WaitingCalls waiting = new WaitingCalls();

    Balancer(Routes routes) {
        this.routes = routes;
    }

    /** The servers are others now; what is known of those that stay is kept. */
    void servers(Servers next) {
        Worker[] before = workers;
        List<Server> all = next.servers();
        VersionShares said = VersionShares.of(all);
        Worker[] after = new Worker[all.size()];
        for (int i = 0; i < after.length; i++) {
            Server server = all.get(i);
            Worker known = find(before, server.member());
            after[i] = known == null ? new Worker(server.member()) : known;
            after[i].serves(server, said.groupOf(server.version()));
        }
        servers = next;
        workers = after;
        shares = said;
        turn = after.length == 0 ? 0 : turn % after.length;
    }

    /** The server of that identity; null if it is none. */
    @Nullable Worker find(MemberId member) {
        return find(workers, member);
    }

    private static @Nullable Worker find(Worker[] among, MemberId member) {
        for (Worker each : among) {
            if (each.member.equals(member)) {
                return each;
            }
        }
        return null;
    }

    // ---- who takes a call ----------------------------------------------------------------------

    /** Who takes the call now; null if nobody is ready. */
    @Nullable Worker choose(Outgoing call, long nowNanos) {
        if (!shares.areAny()) {
            return nearest(call, VersionShares.EVERY_GROUP, nowNanos);
        }
        int[] weights = shares.weights(workers, call.choice());
        int first = VersionShares.pick(turnOf(call), weights);
        Worker chosen = nearest(call, first, nowNanos);
        for (int group = 0; group < weights.length && chosen == null; group++) {
            if (group != first && weights[group] > 0) {
                chosen = nearest(call, group, nowNanos);
            }
        }
        return chosen;
    }

    /** Counted once for each call, by all loops together. */
    private long turnOf(Outgoing call) {
        Detours detours = call.detours();
        if (detours.sharedTurn < 0) {
            int service = call.spec().service();
            detours.sharedTurn = routes.nextShared(service, call.choice().versionsText());
        }
        return detours.sharedTurn;
    }

    private @Nullable Worker nearest(Outgoing call, int group, long nowNanos) {
        if (!call.choice().isNear()) {
            return fewest(call, group, null, nowNanos);
        }
        Worker chosen = fewest(call, group, Distance.THIS_MEMBER, nowNanos);
        if (chosen == null) {
            chosen = fewest(call, group, Distance.THIS_MACHINE, nowNanos);
        }
        return chosen == null ? fewest(call, group, Distance.ELSEWHERE, nowNanos) : chosen;
    }

    private @Nullable Worker fewest(
            Outgoing call, int group, @Nullable Distance distance, long nowNanos) {
        Choice choice = call.choice();
        int count = workers.length;
        int looks = count <= ALL ? count : SOME;
        Worker best = null;
        int bestAt = 0;
        for (int i = 0; i < count && looks > 0; i++) {
            int at = turn + i < count ? turn + i : turn + i - count;
            Worker each = workers[at];
            boolean isAsked =
                    (group == VersionShares.EVERY_GROUP || each.group == group)
                            && (distance == null || each.distance == distance)
                            && choice.allows(each.version);
            if (isAsked && isReady(each, call, nowNanos)) {
                looks--;
                if (best == null || each.isBefore(best)) {
                    best = each;
                    bestAt = at;
                }
            }
        }
        if (best != null) {
            best.chosen = ++chosen;
            turn = bestAt + 1 == count ? 0 : bestAt + 1;
        }
        return best;
    }

    private boolean isReady(Worker worker, Outgoing call, long nowNanos) {
        return worker.hasRoom(nowNanos)
                && !call.hasPassedOn(worker.member)
                && routes.isOpen(worker.member);
    }

    // ---- where nobody does ---------------------------------------------------------------------

    /** Whether it is known that there is no server. */
    boolean isNobody() {
        return servers.isNobody();
    }

    /** Whether it is known that there is no server of a version it may go to. */
    boolean isNobodyFor(Choice choice) {
        return servers.areAll() && !isAnybodyFor(choice);
    }

    private boolean isAnybodyFor(Choice choice) {
        for (Worker each : workers) {
            if (choice.allows(each.version)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether all servers it may go to have said that they do not know what the call asks for: then
     * there are some.
     */
    boolean hasPassedOnEverywhere(Outgoing call) {
        for (Worker each : workers) {
            if (call.choice().allows(each.version) && !call.hasPassedOn(each.member)) {
                return false;
            }
        }
        return isAnybodyFor(call.choice());
    }

    /** What versions there are, for who has asked for others; empty where it has not. */
    String versionsFor(Choice choice) {
        if (choice.versions() == null || isAnybodyFor(choice)) {
            return "";
        }
        List<String> known =
                servers.servers().stream()
                        .map(server -> server.version().isEmpty() ? "(none)" : server.version())
                        .distinct()
                        .sorted()
                        .toList();
        String there = known.isEmpty() ? "no server" : Excerpt.of(String.join(", ", known));
        return "version=" + choice.versionsText() + " there=" + there;
    }

    @Override
    public String toString() {
        return "servers=" + workers.length + " waiting=" + waiting;
    }
}
