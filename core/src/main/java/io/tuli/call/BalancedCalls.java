package io.tuli.call;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.call.WaitingCalls.Became;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Servers;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one loop to whichever server of a service: who takes each, who waits for whom, and
 * what becomes of those that are refused. What is refused unseen goes to another, and counts as not
 * sent. One thread: the {@link Caller}'s, of which this is a part.
 */
final class BalancedCalls {

    private static final long MILLI = 1_000_000;

    /** So many failed calls are counted longer. */
    private static final int FAILED_MOST = 65_536;

    /** A server that was full is tried again then, whatever it says. */
    static final long FULL_NANOS = 1_000 * MILLI;

    /** So long a call waits for the link to whom has it, perhaps. */
    static final long RETURN_NANOS = 250 * MILLI;

    /** So long a call counts that its handler failed: who fails fast draws no more for it. */
    static final long FAILED_NANOS = 100 * MILLI;

    private static final String WRONG_VERSIONS = "nobody serves a version that it asks for: ";

    private final Caller caller;
    private final Routes routes;
    private final Map<Integer, Balancer> balancers = new HashMap<>();
    private final ArrayDeque<Cooling> cooling = new ArrayDeque<>();

    /** The one asked for last: calls come in bursts for one service. */
    private @Nullable Balancer latest;

    private int latestService;

    /** A server whose handler has failed a call, which is counted until then. */
    private record Cooling(Worker worker, long untilNanos) {}

    BalancedCalls(Caller caller, Routes routes) {
        this.caller = caller;
        this.routes = routes;
    }

    private Balancer of(int service) {
        Balancer known = latest;
        if (known == null || latestService != service) {
            known = balancers.computeIfAbsent(service, none -> new Balancer(routes));
            latest = known;
            latestService = service;
        }
        return known;
    }

    /** Nobody calls it any more. */
    void forget(int service) {
        balancers.remove(service);
        latest = null;
    }

    boolean isNobody(int service) {
        return of(service).isNobody();
    }

    // ---- on the way ----------------------------------------------------------------------------

    /** To whom has it perhaps, or to whom is ready; or it waits. */
    void place(Outgoing call, long nowNanos) {
        MemberId returns = call.returnsTo();
        if (returns != null) {
            if (routes.isOpen(returns)) {
                sendTo(call, returns, nowNanos);
                return;
            }
            boolean isThere = routes.memberOf(returns.incarnation()) != null;
            long untilNanos = call.detours().returnUntilNanos;
            if (isThere && nowNanos - untilNanos < 0) {
                caller.await(call, untilNanos);
                return;
            }
            call.returnsToNobody();
            if (call.spec().member() != null) {
                String detail = "the link was lost before the answer, and has not come back: ";
                caller.fail(call, Outcome.UNKNOWN, Failure.UNAVAILABLE, detail + call);
                return;
            }
        }
        Balancer balancer = of(call.spec().service());
        if (!balancer.waiting.isBehind(call)) {
            Worker chosen = balancer.choose(call, nowNanos);
            if (chosen != null) {
                sendTo(call, chosen, nowNanos);
                return;
            }
        }
        if (!isGivenUp(balancer, call)) {
            await(balancer, call);
        }
    }

    private void sendTo(Outgoing call, MemberId member, long nowNanos) {
        Worker worker = of(call.spec().service()).find(member);
        if (worker == null) {
            caller.send(call, member, nowNanos);
        } else {
            sendTo(call, worker, nowNanos);
        }
    }

    private void sendTo(Outgoing call, Worker worker, long nowNanos) {
        caller.send(call, worker.member, nowNanos);
        if (call.phase == Outgoing.Phase.SENT && call.spec().member() == null) {
            worker.taken();
            call.worker = worker;
        }
    }

    /** Whether there is nobody to wait for: then it has failed. */
    private boolean isGivenUp(Balancer balancer, Outgoing call) {
        Outcome outcome = call.isSent() ? Outcome.UNKNOWN : Outcome.FAILED;
        if (call.hasPassedOn() && balancer.hasPassedOnEverywhere(call)) {
            caller.fail(call, outcome, Failure.METHOD_NOT_ALLOWED, call.detours().passedOnBecause);
            return true;
        }
        if (call.spec().failsFast() && balancer.isNobodyFor(call.choice())) {
            String versions = balancer.versionsFor(call.choice());
            String nobody = versions.isEmpty() ? "nobody serves it: " : WRONG_VERSIONS;
            caller.fail(call, outcome, Failure.NOT_FOUND, nobody + versions + " " + call);
            return true;
        }
        return false;
    }

    /** Why nobody has been ready for a call. */
    String nobodyFor(Outgoing call) {
        String versions = of(call.spec().service()).versionsFor(call.choice());
        return versions.isEmpty()
                ? "no server was ready before the deadline: "
                : WRONG_VERSIONS + versions + " until the deadline: ";
    }

    private void await(Balancer balancer, Outgoing call) {
        call.phase = Outgoing.Phase.WAITING;
        call.target = null;
        if (!balancer.waiting.add(call)) {
            Outcome outcome = call.isSent() ? Outcome.UNKNOWN : Outcome.FAILED;
            String rule = "so many calls of one loop wait for a server to be ready at most: ";
            caller.fail(call, outcome, Failure.OVERLOADED, rule + WaitingCalls.MOST);
        }
    }

    // ---- what happens --------------------------------------------------------------------------

    void servers(int service, Servers servers, long nowNanos) {
        Balancer balancer = of(service);
        balancer.servers(servers);
        go(balancer, nowNanos);
    }

    /** A server has room again. */
    void room(MemberId from, Frame.Room room, long nowNanos) {
        Balancer balancer = balancers.get(room.service());
        Worker worker = balancer == null ? null : balancer.find(from);
        if (balancer != null && worker != null && room.slots() >= 0) {
            worker.hasRoomFor(room.slots());
            go(balancer, nowNanos);
        }
    }

    /** Somebody may be ready who was not: those who wait go, in their order. */
    void go(long nowNanos) {
        for (Cooling head = cooling.peek();
                head != null && nowNanos - head.untilNanos() >= 0;
                head = cooling.peek()) {
            cooling.remove().worker().outstanding--;
        }
        for (Balancer balancer : balancers.values()) {
            if (!balancer.waiting.isEmpty()) {
                go(balancer, nowNanos);
            }
        }
    }

    private void go(Balancer balancer, long nowNanos) {
        balancer.waiting.go(call -> go(balancer, call, nowNanos));
    }

    private Became go(Balancer balancer, Outgoing call, long nowNanos) {
        Worker chosen = balancer.choose(call, nowNanos);
        if (chosen != null) {
            sendTo(call, chosen, nowNanos);
            return Became.GONE;
        }
        if (isGivenUp(balancer, call)) {
            return Became.GONE;
        }
        return call.isChoosy() ? Became.STEPS_ASIDE : Became.STAYS;
    }

    /** There is no link to the member: what it said of its room holds no more. */
    void linkDown(MemberId member) {
        for (Balancer balancer : balancers.values()) {
            Worker worker = balancer.find(member);
            if (worker != null) {
                worker.hasRoomFor(0);
            }
        }
    }

    /** Whom it was sent to may have it: the same one is asked, if it is back soon. */
    void lost(Outgoing call, MemberId at, long nowNanos) {
        release(call);
        Detours detours = call.detours();
        detours.mayBeAt(at);
        detours.returnsTo = at;
        detours.returnUntilNanos = nowNanos + RETURN_NANOS;
        caller.await(call, nowNanos);
    }

    /** It was refused before it was looked at: another is asked. */
    void unseen(Outgoing call, Frame.Unseen refusal, MemberId by, long nowNanos) {
        Worker worker = call.worker;
        release(call);
        call.returnsToNobody();
        call.attempts--;
        call.target = null;
        boolean hasPassed = refusal.failure() == Failure.METHOD_NOT_ALLOWED;
        if (call.spec().member() != null
                || refusal.failure() == Failure.TIMEOUT
                || (hasPassed && !call.spec().repeatable())) {
            Outcome outcome = call.isSent() ? Outcome.UNKNOWN : Outcome.FAILED;
            caller.fail(call, outcome, refusal.failure(), refusal.detail());
            return;
        }
        if (hasPassed) {
            call.detours().passedOn(by, refusal.detail());
        } else if (worker != null) {
            worker.refused(nowNanos + FULL_NANOS);
        }
        place(call, nowNanos);
    }

    /** Its handler failed: it is counted a little longer. */
    void failed(Outgoing call, long nowNanos) {
        Worker worker = call.worker;
        if (worker != null && cooling.size() < FAILED_MOST) {
            call.worker = null;
            cooling.add(new Cooling(worker, nowNanos + FAILED_NANOS));
        }
    }

    /** The server has it no more. */
    void release(Outgoing call) {
        Worker worker = call.worker;
        if (worker != null) {
            call.worker = null;
            worker.outstanding--;
        }
    }
}
