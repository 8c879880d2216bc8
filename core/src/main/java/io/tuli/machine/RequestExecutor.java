package io.tuli.machine;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Consumed;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whose turn it is at an owner: lets handlers decide, one message at a time per group of keys,
 * folds in the order of their source, and hands what they decide to the ledger. Whatever is queued
 * or running when the epoch ends is redirected; a decision that comes later is nobody's. One
 * thread.
 */
public final class RequestExecutor {

    private static final String REPEATS_FORGOTTEN =
            "after a split, what both sides folded is recognised among the latest"
                    + " dedup.per.caller folds of a partition: a change of a request that both"
                    + " sides of the source executed may be folded twice";

    private static final String EXPIRED =
            "a repeat must come within the dedup window:"
                    + " whether the first was executed is forgotten";

    private final MemberId self;
    private final Partition partition;
    private final Effects effects;
    private final Ledger ledger;
    private final Quorum quorum;
    private final UnownedRequests unowned;
    private final int queuedMost;
    private final HeldBytes held;
    private final KeyQueues queues;
    private final RequestDecider decider;
    private final FoldQueue folds;
    private final Map<Long, Running> running = new HashMap<>();

    /** Those whose handlers decide against documents that a merge has changed meanwhile. */
    private final Set<Long> outdated = new HashSet<>();

    private final Map<RequestId, PendingRequest> repeats = new HashMap<>();

    /** Requests that other calls have queued or running, each with its own caller. */
    private final List<PendingRequest> namesakes = new ArrayList<>();

    /**
     * Numbers of different epochs differ: a late decision of an earlier one meets no other request.
     */
    private long tasks;

    private boolean isFolding;
    private boolean isToldInexact;

    /**
     * @param unowned where requests wait until the changelog has room for them
     */
    public RequestExecutor(
            Partition partition,
            CoreContext context,
            RequestDecider decider,
            Ledger ledger,
            Quorum quorum,
            UnownedRequests unowned) {
        this.self = context.self();
        this.partition = partition;
        this.effects = context.effects();
        this.ledger = ledger;
        this.quorum = quorum;
        this.unowned = unowned;
        this.queuedMost = context.limits().queuedPerPartition();
        this.held = context.held();
        this.queues = new KeyQueues(queuedMost, held);
        this.decider = decider;
        this.folds = new FoldQueue(partition);
        this.tasks = (long) partition.promised().number() << Integer.SIZE;
    }

    /** Reads what the next request will touch of it, so far as it lies that deep. */
    public int prefetch(int depth) {
        return switch (depth) {
            case 0 -> (int) tasks;
            case 1 -> (unowned.isEmpty() ? 1 : 0) + (repeats.isEmpty() ? 1 : 0);
            default -> 0;
        };
    }

    /**
     * A request whose handler runs, the keys it keeps waiting, empty if none, and the moment whose
     * documents it sees.
     */
    private record Running(PendingRequest pending, String group, long moment) {}

    // ---- requests ------------------------------------------------------------------------------

    /**
     * Executes a request, unless it repeats one. A repeat gets the stored reply, or takes the place
     * of the one it repeats; it is never executed again.
     */
    public void execute(PendingRequest pending) {
        if (ledger.answerStored(pending) || takeRepeat(pending) || refuse(pending)) {
            return;
        }
        if (ledger.isFull() || !unowned.isEmpty()) {
            unowned.add(pending);
        } else {
            admit(pending);
        }
    }

    /** Executes what waits for room in the changelog, oldest first, while there is room. */
    public void executeWaiting() {
        while (!ledger.isFull()) {
            PendingRequest next = unowned.next();
            if (next == null) {
                return;
            }
            if (!ledger.answerStored(next) && !takeRepeat(next) && !refuse(next)) {
                admit(next);
            }
        }
    }

    private boolean refuse(PendingRequest pending) {
        Frame.Request request = pending.request();
        if (request.attempt() > 0 && partition.dedup().isExpired(request.id())) {
            pending.fail(Failure.DEDUP_EXPIRED, EXPIRED, effects);
        } else if (!quorum.mayReach(request.commit())) {
            pending.fail(Failure.BAD_REQUEST, quorum.whyNot(request.commit()), effects);
        } else if (!ledger.whyFull().isEmpty()) {
            pending.fail(Failure.DISK_FULL, ledger.whyFull(), effects);
        } else {
            return false;
        }
        return true;
    }

    /**
     * Takes a request that repeats one that is queued or running; false if it does not. Sent again
     * by its caller, it gets that one's answer; named alike by another, it waits for that one's end
     * and is looked at again; and it is refused where it asks for something else.
     */
    private boolean takeRepeat(PendingRequest pending) {
        RequestId id = pending.request().id();
        PendingRequest first = repeats.isEmpty() || id.isNone() ? null : repeats.get(id);
        if (first == null) {
            return false;
        }
        if (!first.isAlike(pending)) {
            pending.conflict(effects);
        } else if (first.isSameCall(pending)) {
            repeats.put(id, pending);
        } else if (queues.hasRoom(pending)) {
            removeNamesakes(pending::isSameCall);
            namesakes.add(pending);
            queues.take(pending);
        } else {
            pending.fail(Failure.OVERLOADED, tooMany(), effects);
        }
        return true;
    }

    /** The request is queued or running no more: those named alike are looked at again. */
    private void ended(RequestId id) {
        if (namesakes.isEmpty()) {
            return;
        }
        removeNamesakes(pending -> pending.isNamed(id)).forEach(this::execute);
    }

    private List<PendingRequest> removeNamesakes(Predicate<PendingRequest> which) {
        List<PendingRequest> removed = namesakes.stream().filter(which).toList();
        namesakes.removeAll(removed);
        removed.forEach(queues::give);
        return removed;
    }

    /** Lets the handler decide, now or when earlier messages of its group are done. */
    private void admit(PendingRequest pending) {
        String key = pending.request().key().top();
        String group = key.isEmpty() ? "" : partition.spec().partitioner().placeOf(key);
        if (group.isEmpty() || !queues.isBusy(group)) {
            start(pending, group);
        } else if (!queues.hasRoom(pending)) {
            pending.fail(Failure.OVERLOADED, tooMany(), effects);
        } else {
            queues.queue(group, pending);
            expectRepeatsOf(pending);
        }
    }

    private String tooMany() {
        return "at most "
                + queuedMost
                + " requests wait for earlier ones of their keys, and one caller leaves a ninth of"
                + " that to others: try later";
    }

    private void expectRepeatsOf(PendingRequest pending) {
        if (!pending.isFold()) {
            repeats.put(pending.request().id(), pending);
        }
        if (pending.from() != null) {
            effects.outbox().accepted(pending.from(), pending.request().call());
        }
    }

    private void start(PendingRequest pending, String group) {
        if (!decide(pending, group)) {
            expectRepeatsOf(pending);
            if (!group.isEmpty()) {
                queues.occupy(group);
            }
        }
    }

    /** Lets the handler decide; false if that takes longer than this moment. */
    private boolean decide(PendingRequest pending, String group) {
        long moment = decider.moment();
        boolean isRemote = pending.from() != null && !pending.isOf(self);
        Task task = new Task(++tasks, pending.request(), decider.readerAt(moment), isRemote);
        Decision decision = decider.decide(task, moment);
        if (decision == null) {
            running.put(task.number(), new Running(pending, group, moment));
            held.take(pending);
            return false;
        }
        finish(pending, decision, moment);
        return true;
    }

    /** A handler has decided: the next message of its group may begin. */
    public void decided(long task, Decision decision, long now) {
        Running run = running.remove(task);
        if (run == null) {
            ledger.discard(decision);
            return;
        }
        PendingRequest pending = run.pending();
        held.give(pending);
        String group = run.group();
        if (outdated.remove(task)) {
            ledger.discard(decision);
            if (!failLate(pending, now) && !decide(pending, group)) {
                return;
            }
        } else {
            finish(pending, decision, run.moment());
        }
        boolean isFree = !group.isEmpty();
        while (isFree) {
            PendingRequest next = queues.next(group);
            isFree = next != null && (failLate(next, now) || decide(next, group));
        }
    }

    /**
     * A merge has changed documents: handlers that run for them, or for whatever they like, decide
     * against what is no more, and are to decide again.
     */
    public void changed(Set<String> documents) {
        running.forEach(
                (task, run) -> {
                    if (run.group().isEmpty() || hasAny(run.group(), documents)) {
                        outdated.add(task);
                    }
                });
    }

    private boolean hasAny(String group, Set<String> documents) {
        for (String key : documents) {
            if (partition.spec().partitioner().placeOf(key).equals(group)) {
                return true;
            }
        }
        return false;
    }

    private boolean failLate(PendingRequest pending, long now) {
        if (pending.isFold() || !pending.isExpired(now)) {
            return false;
        }
        RequestId id = pending.request().id();
        String detail = "the deadline passed while earlier requests of the key ran";
        latest(pending).fail(Failure.TIMEOUT, detail, effects);
        repeats.remove(id);
        ended(id);
        return true;
    }

    private void finish(PendingRequest begun, Decision decided, long moment) {
        Frame.Request request = begun.request();
        PendingRequest pending = begun;
        if (!repeats.isEmpty() && !begun.isFold()) {
            pending = latest(begun);
            repeats.remove(request.id());
        }
        if (decided instanceof Decision.Pass && ledger.replace(pending)) {
            ended(request.id());
            return;
        }
        Decision decision = decider.decided(request, decided, moment);
        if (pending.isFold() && mayPass(decision)) {
            folds.putBack(pending);
            return;
        }
        switch (decision) {
            case Decision.Done done -> ledger.commit(pending, done, moment);
            case Decision.Decline decline -> {
                if (!ledger.answerMerged(pending)) {
                    pending.redirect(partition.promised(), effects);
                }
            }
            case Decision.Fail fail -> {
                if (!ledger.answerMerged(pending)) {
                    pending.fail(fail, effects);
                }
                if (pending.isFold()) {
                    ledger.leaveOut(pending, fail);
                }
            }
            case Decision.Pass pass ->
                    throw new IllegalStateException("built-in verbs never pass: " + pass);
        }
        if (pending.isFold()) {
            folds.ended();
            fold();
        } else {
            ended(request.id());
        }
    }

    public void cancelled(MemberId from, long call) {
        for (PendingRequest pending : queues.cancel(from, call)) {
            RequestId id = pending.request().id();
            repeats.remove(id);
            pending.fail(Failure.CANCELLED, "the caller cancelled before it was begun", effects);
            ended(id);
        }
        removeNamesakes(pending -> pending.isCall(from, call));
    }

    /** There is no link to the member any more: it asks again, on another. */
    public void abandon(MemberId from) {
        repeats.replaceAll((id, pending) -> pending.isOf(from) ? pending.abandoned() : pending);
        removeNamesakes(pending -> pending.isOf(from));
    }

    /** Who waits for its answer: a repeat takes the place of what it repeats. */
    private PendingRequest latest(PendingRequest begun) {
        return begun.isFold() ? begun : repeats.getOrDefault(begun.request().id(), begun);
    }

    /** The epoch is over. */
    public void redirectAll(Epoch higher) {
        queues.drainTo(pending -> latest(pending).redirect(higher, effects));
        running.values().forEach(run -> held.give(run.pending()));
        running.values().forEach(run -> latest(run.pending()).redirect(higher, effects));
        namesakes.forEach(queues::give);
        namesakes.forEach(pending -> pending.redirect(higher, effects));
        running.clear();
        outdated.clear();
        namesakes.clear();
        repeats.clear();
    }

    /**
     * A request that both sides of a split executed is two entries of the source, and is one after
     * the merge: whoever folded the one recognises the other by the request.
     */
    private boolean isRepeated(RequestId fold) {
        boolean isRemembered = Reserved.isFold(fold);
        boolean isKnown = isRemembered && partition.dedup().find(fold) != null;
        boolean mayBeKnown = !isRemembered || partition.dedup().hasForgotten(Reserved.FOLDS);
        if (!isKnown && mayBeKnown && !isToldInexact) {
            isToldInexact = true;
            effects.observer().inexact(partition.service(), partition.number(), REPEATS_FORGOTTEN);
        }
        return isKnown;
    }

    /** Time has passed: a fold that was put back is tried again. */
    public void tick() {
        folds.retry();
        fold();
    }

    /** Whether a handler runs for the document, or for what is placed with it. */
    public boolean isBusy(String topLevelKey) {
        return queues.isBusy(partition.spec().partitioner().placeOf(topLevelKey));
    }

    /** Whether time alone furthers nothing here. */
    public boolean isIdle() {
        return folds.isEmpty();
    }

    // ---- folds ---------------------------------------------------------------------------------

    /** An entry an earlier owner appended: it may move source positions. */
    public void adopt(Entry entry) {
        if (entry.isFolded()) {
            entry.marks().forEach(folds::note);
        }
    }

    /** A change of another service, unless it was consumed before. */
    public void folded(Frame.Request request, List<SourceMark> marks) {
        if (folds.advance(marks)) {
            folds.add(PendingRequest.ofFold(request, marks));
            fold();
        }
    }

    /** Source positions up to which nothing concerned this partition. */
    public void consumed(List<SourceMark> marks) {
        List<SourceMark> news =
                marks.stream().filter(mark -> folds.advance(List.of(mark))).toList();
        if (!news.isEmpty()) {
            folds.add(nothing(news));
            fold();
        }
    }

    private PendingRequest nothing(List<SourceMark> marks) {
        Frame.Request nothing = Reserved.nothing(partition.service(), partition.number());
        return PendingRequest.ofFold(nothing, marks);
    }

    public Consumed consumed(long source) {
        return folds.consumed(source);
    }

    /**
     * Whether the same fold may be handled later, or by the next owner where this member is
     * closing: it is put back, because to commit its mark would leave the change out for ever.
     */
    private static boolean mayPass(Decision decision) {
        return decision instanceof Decision.Decline
                || (decision instanceof Decision.Fail fail
                        && (fail.failure() == Failure.CLOSED
                                || fail.failure().category() == Failure.Category.RETRY));
    }

    /**
     * Begins the folds that may begin. One that is decided at once leads here again, and leaves the
     * next to the loop it came from: however many are queued, the stack does not grow.
     */
    private void fold() {
        if (isFolding) {
            return;
        }
        isFolding = true;
        try {
            for (PendingRequest next = folds.next(); next != null; next = folds.next()) {
                begin(next);
            }
        } finally {
            isFolding = false;
        }
    }

    private void begin(PendingRequest fold) {
        if (fold.request().verb().equals(Reserved.NOTHING)) {
            finish(fold, Decision.Done.reply(Payload.NONE), Lifetimes.TIMELESS);
        } else if (fold.request().attempt() > 0 && isRepeated(fold.request().id())) {
            finish(nothing(fold.marks()), Decision.Done.reply(Payload.NONE), Lifetimes.TIMELESS);
        } else {
            admit(fold);
        }
    }
}
