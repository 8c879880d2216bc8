package io.tuli.call;

import io.tuli.MemberId;
import io.tuli.protocol.Servers;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which server of a service takes the next call of one loop: of those that are ready the one with
 * the fewest of this loop's calls, and of equals each in turn. Few are all looked at; of many, some
 * that follow each other, from one that is another each time: as good as the best of as many drawn
 * at random (Mitzenmacher, The Power of Two Choices), and never one of them twice. Pure; one
 * thread; a choice makes no object.
 */
final class Balancer {

    /** So many are all looked at. */
    static final int ALL = 32;

    /** Of more, so many that are ready. */
    static final int SOME = 8;

    private final Routes routes;
    private Servers servers = Servers.UNKNOWN;
    private Worker[] workers = {};
    private int turn;

    /** Calls for which nobody is ready, in the order in which they came. */
    final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();

    Balancer(Routes routes) {
        this.routes = routes;
    }

    /** The servers are others now; what is known of those that stay is kept. */
    void servers(Servers next) {
        Worker[] before = workers;
        List<MemberId> members = next.members();
        Worker[] after = new Worker[members.size()];
        for (int i = 0; i < after.length; i++) {
            Worker known = find(before, members.get(i));
            after[i] = known == null ? new Worker(members.get(i)) : known;
        }
        servers = next;
        workers = after;
        turn = after.length == 0 ? 0 : turn % after.length;
    }

    /** Whether it is known that there is no server. */
    boolean isNobody() {
        return servers.isNobody();
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

    /** Who takes the call now; null if nobody is ready. */
    @Nullable Worker choose(Outgoing call, long nowNanos) {
        int count = workers.length;
        int looks = count <= ALL ? count : SOME;
        Worker best = null;
        int bestAt = 0;
        for (int i = 0; i < count && looks > 0; i++) {
            int at = turn + i < count ? turn + i : turn + i - count;
            Worker each = workers[at];
            if (isReady(each, call, nowNanos)) {
                looks--;
                if (best == null || each.outstanding < best.outstanding) {
                    best = each;
                    bestAt = at;
                }
            }
        }
        if (best != null) {
            turn = bestAt + 1 == count ? 0 : bestAt + 1;
        }
        return best;
    }

    private boolean isReady(Worker worker, Outgoing call, long nowNanos) {
        return worker.hasRoom(nowNanos)
                && !call.hasPassedOn(worker.member)
                && routes.isOpen(worker.member);
    }

    /** Whether all servers there are have said that they do not know what the call asks for. */
    boolean hasPassedOnEverywhere(Outgoing call) {
        for (Worker each : workers) {
            if (!call.hasPassedOn(each.member)) {
                return false;
            }
        }
        return workers.length > 0;
    }

    @Override
    public String toString() {
        return "servers=" + workers.length + " waiting=" + waiting.size();
    }
}
