package io.tuli.hold;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.error.Excerpt;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.Extras.Mark;
import io.tuli.log.Extras.Rejected;
import io.tuli.log.SourceMark;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one partition that a consumer has been granted and has not done with: which were
 * delivered, how often, until when they are to be acknowledged, and which are settled although an
 * earlier one is not. Thread-safe; nothing is waited for under its lock.
 *
 * <p>A change is settled when it is acknowledged, or when it is among those that the group keeps as
 * rejected, in the committed changelog. An entry is settled when all its changes are. The group's
 * place moves to the last entry before which all are.
 *
 * <p>Limit: so many entries at a time as are set, see {@link #hasRoom}.
 */
public final class Acks {

    /** What rejected changes that are said at a time take, if there are several. */
    private static final int REJECTED_BYTES_MOST = 16 << 10;

    /** Sets places of documents of a state apart from those within entries. */
    private static final int STATE_INDEX = 1 << 30;

    private final Hold hold;
    private final AckRules rules;
    private final Clock clock;
    private final int entriesMost;
    private final Map<LogPosition, Mark> known = new HashMap<>();
    private final ArrayDeque<Taken> all = new ArrayDeque<>();
    private final Set<One> open = new LinkedHashSet<>();
    private int rejecting;
    private boolean isClosed;

    /** The time, as its owner sees it. */
    public interface Clock {

        long nanoTime();

        long wallMillis();
    }

    Acks(Hold hold, AckRules rules, Clock clock, int entriesMost, List<Mark> marks) {
        this.hold = hold;
        this.rules = rules;
        this.clock = clock;
        this.entriesMost = entriesMost;
        marks.forEach(mark -> known.put(mark.entry(), mark));
    }

    // ---- on the loop ---------------------------------------------------------------------------

    /** Whether the entry, or one it comes from, was settled by an earlier reader. */
    public synchronized boolean isSettled(LogPosition entry, List<SourceMark> marks) {
        if (known.isEmpty()) {
            return false;
        }
        if (isKnownSettled(entry)) {
            return true;
        }
        for (SourceMark mark : marks) {
            if (mark.isOfMerge() && isKnownSettled(mark.position())) {
                return true;
            }
        }
        return false;
    }

    private boolean isKnownSettled(LogPosition entry) {
        Mark mark = known.get(entry);
        return mark != null && mark.isSettled();
    }

    /** Whether another entry may be taken. */
    public synchronized boolean hasRoom() {
        return all.size() < entriesMost;
    }

    /**
     * The next entry is about to be handed over.
     *
     * @param entry the place after it; {@link LogPosition#START} where it is part of a state
     * @param after what is consumed when this and all before it are
     */
    public synchronized Taken take(LogPosition entry, Consumed after) {
        Taken taken = new Taken(entry, after);
        all.add(taken);
        return taken;
    }

    /** It was not handed over. */
    public synchronized void withdraw(Taken taken) {
        all.remove(taken);
    }

    /** Those that are to be delivered again by now. */
    public synchronized List<One> due() {
        if (open.isEmpty() || isClosed) {
            return List.of();
        }
        long now = clock.nanoTime();
        List<One> due = new ArrayList<>();
        for (One one : List.copyOf(open)) {
            boolean isWaiting = one.state == State.GIVEN || one.state == State.DELAYED;
            if (isWaiting && now - one.dueNanos >= 0) {
                if (one.attempts >= rules.attempts()) {
                    reject(one, "not acknowledged in " + one.attempts + " attempts");
                } else {
                    one.state = State.AGAIN;
                    due.add(one);
                }
            }
        }
        return due;
    }

    /** Whether nothing was delivered that is still to be acknowledged. */
    public synchronized boolean isQuiet() {
        for (One one : open) {
            if (one.state == State.GIVEN || one.state == State.REJECTING) {
                return false;
            }
        }
        return true;
    }

    /** Nothing counts any more that is not acknowledged by now. */
    public synchronized void close() {
        isClosed = true;
        open.clear();
        for (Taken taken : all) {
            taken.release();
        }
    }

    /** What is known of the entries that are not consumed. */
    public synchronized List<Mark> marks() {
        known.keySet().removeIf(entry -> hold.consumed().knows(entry, List.of()));
        TreeMap<LogPosition, Mark> marks = new TreeMap<>(known);
        for (Taken taken : all) {
            if (taken.entry.offset() > 0 && (taken.isSettled || taken.attempts > 0)) {
                Mark mark =
                        taken.isSettled
                                ? Mark.settled(taken.entry)
                                : new Mark(
                                        taken.entry,
                                        taken.attempts,
                                        taken.dueMillis,
                                        taken.delayMillis);
                marks.merge(taken.entry, mark, Mark::with);
            }
        }
        return marks.values().stream().limit(entriesMost).toList();
    }

    /** Whether changes are rejected, and not known to be kept. */
    public synchronized boolean isRejecting() {
        return rejecting > 0;
    }

    /** Those, as many as are said at a time. */
    public synchronized List<Rejected> rejected() {
        List<Rejected> said = new ArrayList<>();
        int bytes = 0;
        for (One one : open) {
            Rejected each = one.rejected;
            if (one.state == State.REJECTING && each != null) {
                bytes += each.sizeBytes();
                if (!said.isEmpty() && bytes > REJECTED_BYTES_MOST) {
                    return said;
                }
                said.add(each);
            }
        }
        return said;
    }

    /**
     * That is what the committed changelog has of the group: what it has as rejected is settled.
     */
    public synchronized void kept(GroupPlace place) {
        if (rejecting == 0) {
            return;
        }
        for (One one : List.copyOf(open)) {
            Rejected each = one.rejected;
            boolean isAsked = one.state == State.REJECTING;
            if (isAsked && each != null && place.acks().hasRejected(each.at())) {
                settle(one);
            }
        }
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /**
     * An entry has come to the consumer.
     *
     * @param changes those of it that are wanted
     * @param onSettled called once, when it takes no room any more
     * @return what is to be delivered now
     */
    public synchronized List<One> begin(Taken taken, List<Change> changes, Runnable onSettled) {
        taken.onSettled = onSettled;
        if (isClosed) {
            taken.release();
            return List.of();
        }
        taken.open = changes.size();
        Mark mark = known.get(taken.entry);
        taken.attempts = mark == null ? 0 : mark.attempts();
        long restMillis =
                mark == null
                        ? 0
                        : Math.min(mark.delayMillis(), mark.dueMillis() - clock.wallMillis());
        List<One> now = new ArrayList<>(changes.size());
        for (Change change : changes) {
            One one = new One(this, taken, change, taken.attempts);
            open.add(one);
            if (restMillis > 0) {
                delay(one, Duration.ofMillis(restMillis));
            } else {
                now.add(one);
            }
        }
        if (changes.isEmpty()) {
            settled(taken);
        }
        return now;
    }

    /** Delivers it; null where that is not to be any more. */
    public synchronized Feed.@Nullable Delivery give(One one) {
        boolean isNew = one.state == State.NEW || one.state == State.AGAIN;
        if (isClosed || !isNew) {
            return null;
        }
        if (one.attempts >= rules.attempts()) {
            reject(one, "not acknowledged in " + one.attempts + " attempts");
            return null;
        }
        one.attempts++;
        one.taken.attempts = Math.max(one.taken.attempts, one.attempts);
        one.taken.dueMillis = 0;
        one.taken.delayMillis = 0;
        one.state = State.GIVEN;
        one.dueNanos = clock.nanoTime() + rules.ackWait().toNanos();
        hold.progressed();
        return new Given(one, one.attempts);
    }

    // ---- on any thread -------------------------------------------------------------------------

    private boolean isCurrent(Given given) {
        return !isClosed && given.one.state == State.GIVEN && given.one.attempts == given.attempt;
    }

    private synchronized boolean acknowledged(Given given) {
        boolean isCurrent = isCurrent(given);
        if (isCurrent) {
            settle(given.one);
        }
        return isCurrent;
    }

    private synchronized boolean retried(Given given, Duration delay) {
        if (!isCurrent(given)) {
            return false;
        }
        if (given.attempt >= rules.attempts()) {
            reject(given.one, "asked for again in all of " + given.attempt + " attempts");
        } else {
            delay(given.one, delay);
        }
        return true;
    }

    private void delay(One one, Duration delay) {
        one.state = State.DELAYED;
        one.dueNanos = clock.nanoTime() + delay.toNanos();
        one.taken.dueMillis =
                delay.isZero() ? 0 : Math.max(0, clock.wallMillis() + delay.toMillis());
        one.taken.delayMillis = delay.toMillis();
        hold.progressed();
    }

    private synchronized boolean extended(Given given) {
        boolean isCurrent = isCurrent(given);
        if (isCurrent) {
            given.one.dueNanos = clock.nanoTime() + rules.ackWait().toNanos();
        }
        return isCurrent;
    }

    private synchronized boolean rejected(Given given, String why) {
        boolean isCurrent = isCurrent(given);
        if (isCurrent) {
            reject(given.one, why);
        }
        return isCurrent;
    }

    private void reject(One one, String why) {
        one.state = State.REJECTING;
        one.rejected = rejectedOf(one, why);
        rejecting++;
        hold.progressed();
    }

    private Rejected rejectedOf(One one, String why) {
        Change change = one.change;
        boolean isOfState = one.taken.entry.offset() == 0;
        int stateIndex = STATE_INDEX | (change.key().hashCode() & (STATE_INDEX - 1));
        LogPosition at =
                isOfState
                        ? LogPosition.within(hold.grant.epoch(), hold.grant.offset(), stateIndex)
                        : change.position();
        boolean isSmall = change.payload().sizeBytes() <= Rejected.PAYLOAD_BYTES_MAX;
        return new Rejected(
                at,
                one.attempts,
                Math.max(0, clock.wallMillis()),
                Math.max(0, change.time().toEpochMilli()),
                Excerpt.of(why),
                change.kind(),
                change.key(),
                change.event(),
                isSmall ? change.payload() : Payload.NONE);
    }

    private void settle(One one) {
        rejecting -= one.state == State.REJECTING ? 1 : 0;
        one.state = State.SETTLED;
        open.remove(one);
        one.taken.open--;
        hold.progressed();
        if (one.taken.open == 0) {
            settled(one.taken);
        }
    }

    private void settled(Taken taken) {
        taken.isSettled = true;
        taken.release();
        while (!all.isEmpty() && all.element().isSettled) {
            Taken first = all.remove();
            known.remove(first.entry);
            hold.consumed(first.after);
        }
    }

    private enum State {
        NEW,
        GIVEN,
        DELAYED,
        AGAIN,
        REJECTING,
        SETTLED
    }

    /** An entry that is not consumed. Guarded by the lock of all. */
    public static final class Taken {

        private final LogPosition entry;
        private final Consumed after;
        private @Nullable Runnable onSettled;
        private int open;
        private int attempts;
        private long dueMillis;
        private long delayMillis;
        private boolean isSettled;

        private Taken(LogPosition entry, Consumed after) {
            this.entry = entry;
            this.after = after;
        }

        private void release() {
            Runnable settled = onSettled;
            onSettled = null;
            if (settled != null) {
                settled.run();
            }
        }
    }

    /** A change of it. Guarded by the lock of all. */
    public static final class One {

        private final Acks acks;
        private final Taken taken;
        private final Change change;
        private State state = State.NEW;
        private int attempts;
        private long dueNanos;
        private @Nullable Rejected rejected;

        private One(Acks acks, Taken taken, Change change, int attempts) {
            this.acks = acks;
            this.taken = taken;
            this.change = change;
            this.attempts = attempts;
        }

        /** Under what it is read. */
        public Hold hold() {
            return acks.hold;
        }

        /** Delivers it; null where that is not to be any more. */
        public Feed.@Nullable Delivery give() {
            return acks.give(this);
        }
    }

    /** One attempt of it. */
    private record Given(One one, int attempt) implements Feed.Delivery {

        @Override
        public Change change() {
            return one.change;
        }

        @Override
        public boolean ack() {
            return one.acks.acknowledged(this);
        }

        @Override
        public boolean retry() {
            return retry(one.acks.rules.delayAfter(attempt));
        }

        @Override
        public boolean retry(Duration delay) {
            return one.acks.retried(this, AckRules.requireDelay(delay));
        }

        @Override
        public boolean extend() {
            return one.acks.extended(this);
        }

        @Override
        public boolean reject(String why) {
            return one.acks.rejected(this, why);
        }

        @Override
        public String toString() {
            return "attempt " + attempt + " of " + one.change;
        }
    }
}
