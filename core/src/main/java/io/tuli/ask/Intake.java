package io.tuli.ask;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.call.Version;
import io.tuli.call.VersionRange;
import io.tuli.error.Require;
import io.tuli.protocol.Frame;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one service at one of its servers: so many run, so many wait, and who comes then is
 * refused before it was looked at, and told when there is room again. A repeat joins the first, or
 * gets its answer. Pure; one thread at a time; the time is given along.
 *
 * <p>Room is a place to run or to wait. Places that become free are offered to those who were
 * refused, in turn, and kept for them for a moment.
 *
 * <p>Invariants: at most {@code capacity} run; at most {@code queue} wait, and only while so many
 * run; what is told {@link Frame.Unseen} was not run.
 */
public final class Intake {

    private static final long MILLI = 1_000_000;

    private static final String FULL = "a server takes so many at once: running and waiting=";
    private static final String CLOSING = "the member is closing: ask another";

    private final int service;
    private final int capacity;
    private final int queueMost;
    private final Version version;
    private final BiConsumer<MemberId, Frame> out;
    private final AskMemory memory = new AskMemory();
    private final OwedRooms rooms = new OwedRooms();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private int running;
    private boolean isClosed;

    /** An ask whose turn it is not yet. */
    private record Waiting(AskMemory.Asked asked, long deadlineNanos) {}

    /** An ask that is to be run now. */
    public record Job(MemberId from, Frame.Ask ask) {}

    /**
     * For a service.
     *
     * @param capacity how many run at once, at least 1
     * @param queue how many wait
     * @param version of the service, as this member announces it; empty where it says none
     * @param out takes what is said to members, in order; it calls nothing back
     */
    public Intake(
            int service, int capacity, int queue, String version, BiConsumer<MemberId, Frame> out) {
        Require.argument(capacity >= 1, "a capacity is at least 1", capacity);
        Require.argument(queue >= 0, "a queue is at least 0", queue);
        this.service = service;
        this.capacity = capacity;
        this.queueMost = queue;
        this.version = Version.of(version);
        this.out = out;
    }

    /** How many run. */
    public int running() {
        return running;
    }

    /** How many wait. */
    public int waiting() {
        return queue.size();
    }

    // ---- what comes ----------------------------------------------------------------------------

    /**
     * Somebody asks.
     *
     * @param most how many asks one of its kind may have open here
     * @return whether it is to be run now
     */
    public boolean asked(MemberId from, Frame.Ask ask, int most, long now) {
        if (ask.id().isNone()) {
            out.accept(from, failed(ask.call(), Failure.BAD_REQUEST, "a request has an id"));
            return false;
        }
        AskMemory.Asked known = memory.find(from, ask.id());
        if (known != null) {
            repeated(known, ask);
            return false;
        }
        if (isClosed) {
            out.accept(from, new Frame.Unseen(ask.call(), Failure.CLOSED, CLOSING));
            return false;
        }
        if (!isServedAs(ask.extensions().servedAs())) {
            String rule = "this member serves another version: " + version;
            out.accept(from, new Frame.Unseen(ask.call(), Failure.NOT_FOUND, rule));
            return false;
        }
        if (!hasPlace(from, ask.call(), most)) {
            rooms.refused(from, ask.call(), most);
            int limit = Math.min(most, capacity + queueMost);
            out.accept(from, new Frame.Unseen(ask.call(), Failure.OVERLOADED, FULL + limit));
            return false;
        }
        AskMemory.Asked asked = memory.add(from, ask);
        if (running < capacity) {
            running++;
            return true;
        }
        queue.add(new Waiting(asked, now + Math.max(0, ask.timeoutMillis()) * MILLI));
        return false;
    }

    /** Who asks may not have heard yet which version is served here now. */
    private boolean isServedAs(String versions) {
        try {
            return versions.isEmpty() || VersionRange.of(versions).matches(version);
        } catch (IllegalArgumentException broken) {
            return false;
        }
    }

    private boolean hasPlace(MemberId from, long call, int most) {
        if (memory.open(from) >= most) {
            return false;
        }
        OwedRooms.Owed kept = rooms.take(from, call);
        if (kept != null && kept.isPaid()) {
            out.accept(from, new Frame.Room(kept.call, service, 0));
        }
        return kept != null || free() > 0;
    }

    private int free() {
        return capacity + queueMost - running - queue.size() - rooms.reserved();
    }

    private void repeated(AskMemory.Asked known, Frame.Ask ask) {
        if (!known.isSame(ask)) {
            String rule = "an id is one request's, this one is another's: id=" + ask.id();
            out.accept(known.from, failed(ask.call(), Failure.CONFLICT, rule));
            return;
        }
        Frame.Result result = known.result == null ? known.opened : known.result;
        if (result != null) {
            out.accept(known.from, again(result, ask.call()));
        } else if (!known.join(ask.call())) {
            String rule = "an ask is repeated so often at most while it runs: id=" + ask.id();
            out.accept(known.from, new Frame.Unseen(ask.call(), Failure.OVERLOADED, rule));
        }
    }

    /** The caller gave it up: if it waits it is never run. */
    public void cancelled(MemberId from, long call, long now) {
        AskMemory.Asked asked = memory.running(from, call);
        if (asked == null || asked.calls().length > 1) {
            return;
        }
        asked.isCancelled = true;
        if (queue.removeIf(waiting -> waiting.asked().equals(asked))) {
            memory.drop(asked);
            offer(now);
        }
    }

    /** Whether the caller gave up what runs. */
    public boolean isCancelled(MemberId from, Frame.Ask ask) {
        AskMemory.Asked asked = memory.find(from, ask.id());
        return asked != null && asked.isCancelled;
    }

    /**
     * There is no link to the member any more: whatever room it was offered is for others, and a
     * tunnel that it waits for is never begun.
     */
    public void linkDown(MemberId member, long now) {
        rooms.forget(member);
        queue.removeIf(waiting -> isLost(waiting.asked(), member));
        offer(now);
    }

    private boolean isLost(AskMemory.Asked asked, MemberId member) {
        boolean isLost = asked.from.equals(member) && asked.ask.extensions().opening() != null;
        if (isLost) {
            memory.drop(asked);
        }
        return isLost;
    }

    /** Time has passed. Come every 20 ms or so. */
    public void tick(long now) {
        List<OwedRooms.Owed> lapsed = rooms.lapsed(now);
        for (OwedRooms.Owed late : lapsed) {
            out.accept(late.member, new Frame.Room(late.call, service, 0));
        }
        if (!lapsed.isEmpty()) {
            offer(now);
        }
        memory.trim(now);
    }

    /** Takes no more. What runs goes on; what waits is refused. */
    public void close() {
        isClosed = true;
        for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
            refuse(each.asked(), Failure.CLOSED, CLOSING);
        }
    }

    // ---- what becomes of what runs -------------------------------------------------------------

    /**
     * What ran has its answer, which is told.
     *
     * @return what is to be run next; null if nothing
     */
    public @Nullable Job answered(MemberId from, Frame.Ask ask, Frame.Result result, long now) {
        AskMemory.Asked asked = memory.find(from, ask.id());
        if (asked != null && asked.result == null) {
            tell(asked, result);
            memory.answered(asked, result, now);
        }
        return next(now);
    }

    private void tell(AskMemory.Asked asked, Frame.Result result) {
        boolean isFirst = true;
        for (long call : asked.calls()) {
            out.accept(asked.from, isFirst ? to(result, call) : again(result, call));
            isFirst = false;
        }
    }

    /** What runs is a tunnel, which is told to be open. It runs on until it is {@link #left}. */
    public void opened(MemberId from, Frame.Ask ask, Frame.Result result) {
        AskMemory.Asked asked = memory.find(from, ask.id());
        if (asked != null && asked.result == null && asked.opened == null) {
            asked.opened = result;
            tell(asked, result);
        }
    }

    /**
     * What was opened is over, or was given up before.
     *
     * @return what is to be run next; null if nothing
     */
    public @Nullable Job left(MemberId from, Frame.Ask ask, long now) {
        AskMemory.Asked asked = memory.find(from, ask.id());
        if (asked != null && asked.result == null) {
            Frame.Result opened = asked.opened;
            if (opened == null) {
                refuse(asked, Failure.CLOSED, "it was given up before it was opened");
            } else {
                memory.answered(asked, opened, now);
            }
        }
        return next(now);
    }

    /**
     * What was to be run has not been begun, or has passed on: a repeat is new, and may go
     * elsewhere.
     *
     * @return what is to be run next; null if nothing
     */
    public @Nullable Job unseen(MemberId from, Frame.Ask ask, Frame.Unseen why, long now) {
        AskMemory.Asked asked = memory.find(from, ask.id());
        if (asked != null && asked.result == null) {
            refuse(asked, why.failure(), why.detail());
        }
        return next(now);
    }

    private void refuse(AskMemory.Asked asked, Failure failure, String detail) {
        memory.drop(asked);
        for (long call : asked.calls()) {
            out.accept(asked.from, new Frame.Unseen(call, failure, detail));
        }
    }

    /** One has ended. */
    private @Nullable Job next(long now) {
        Require.invariant(running > 0, "what ends has run", running);
        running--;
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            AskMemory.Asked asked = next.asked();
            if (now - next.deadlineNanos() < 0) {
                running++;
                offer(now);
                return new Job(asked.from, asked.ask);
            }
            refuse(asked, Failure.TIMEOUT, "its deadline passed while it waited");
        }
        offer(now);
        return null;
    }

    /** Offers what is free to those who were refused. */
    private void offer(long now) {
        int free = rooms.isEmpty() || isClosed ? 0 : free();
        if (free > 0) {
            rooms.offer(
                    free,
                    memory::open,
                    now,
                    (to, places) ->
                            out.accept(to.member, new Frame.Room(to.call, service, places)));
        }
    }

    // ---- frames --------------------------------------------------------------------------------

    private static Frame.Result failed(long call, Failure failure, String detail) {
        return new Frame.Result(
                call, Outcome.FAILED, failure, detail, LogPosition.START, 0, false, Payload.NONE);
    }

    private static Frame.Result to(Frame.Result result, long call) {
        return result.call() == call
                ? result
                : new Frame.Result(
                        call,
                        result.outcome(),
                        result.failure(),
                        result.detail(),
                        result.position(),
                        result.copies(),
                        result.disks(),
                        result.streams(),
                        result.body());
    }

    /** The answer of what has run before; a stream cannot be had again. */
    private static Frame.Result again(Frame.Result result, long call) {
        return result.streams()
                ? new Frame.Result(
                        call,
                        Outcome.UNKNOWN,
                        Failure.UNAVAILABLE,
                        "executed, but its answer was a stream, which is told once",
                        LogPosition.START,
                        0,
                        false,
                        Payload.NONE)
                : to(result, call);
    }
}
