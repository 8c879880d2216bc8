package io.tuli.reply;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.spin.MeshFuture;
import io.tuli.wall.WalledSubscriber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One message to many members: their answers as one stream, in the order they come. It is complete
 * when all have answered or the deadline has passed; members that fail are left out, unless all do.
 * All its calls are on one loop, which alone touches what is below.
 */
public final class Survey<R> implements Call<R>, Flow.Publisher<R>, Flow.Subscription {

    /** Items of one member's stream on their way while none has been taken. */
    private static final int WINDOW = 16;

    private final RequestId id;
    private final String service;
    private final CallLoop loop;
    private final List<PendingCall<R>> calls;
    private final long deadlineNanos;
    private final CompletableFuture<Void> accepted = new MeshFuture<>();
    private final CompletableFuture<Receipt> committed = new MeshFuture<>();
    private final CompletableFuture<@Nullable R> first = new MeshFuture<>();
    private final AtomicBoolean isUsed = new AtomicBoolean();
    private volatile boolean isForOne;

    private final List<OneMember> members = new ArrayList<>();
    private final ArrayDeque<Arrived<R>> arrived = new ArrayDeque<>();
    private @Nullable WalledSubscriber<R> subscriber;
    private @Nullable Throwable failure;
    private final int wanted;
    private int answers;
    private int running;
    private long demand;
    private boolean hasAnswer;
    private boolean isOver;

    /** An answer, and the subscription to tell when it is taken. */
    private record Arrived<R>(R value, Flow.Subscription source) {}

    /**
     * Of calls that were sent.
     *
     * @param wanted ends it when so many have answered: the others are given up
     */
    public Survey(
            RequestId id, String service, CallLoop loop, List<PendingCall<R>> calls, int wanted) {
        this.id = id;
        this.wanted = wanted;
        this.service = service;
        this.loop = loop;
        this.calls = List.copyOf(calls);
        this.running = calls.size();
        this.deadlineNanos =
                calls.isEmpty() ? System.nanoTime() : calls.getFirst().spec().deadlineNanos();
        for (PendingCall<R> call : this.calls) {
            call.accepted().thenRun(() -> accepted.complete(null));
            members.add(new OneMember(call));
        }
        for (OneMember member : members) {
            member.call.replies().subscribe(member);
        }
        if (this.calls.isEmpty()) {
            loop.post(this::signal);
        }
    }

    @Override
    public RequestId id() {
        return id;
    }

    @Override
    public CompletableFuture<Void> accepted() {
        return accepted;
    }

    @Override
    public CompletableFuture<Receipt> committed() {
        return committed;
    }

    @Override
    public CompletableFuture<@Nullable R> reply() {
        if (isUsed.compareAndSet(false, true)) {
            isForOne = true;
            subscribeOnLoop(new First());
        } else if (!isForOne) {
            throw new IllegalStateException(
                    "a call is used by reply() or by replies(), not by both");
        }
        return first;
    }

    @Override
    public @Nullable R await() {
        return new ReplyWait<>(this, deadlineNanos).await();
    }

    @Override
    public Flow.Publisher<R> replies() {
        return this;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super R> wanted) {
        if (isUsed.compareAndSet(false, true)) {
            subscribeOnLoop(wanted);
        } else {
            wanted.onSubscribe(new ReplyPublisher.Refused());
            wanted.onError(new IllegalStateException("a call's replies have one subscriber"));
        }
    }

    private void subscribeOnLoop(Flow.Subscriber<? super R> wanted) {
        WalledSubscriber<R> walled =
                new WalledSubscriber<>(wanted, "a subscriber of a survey", this::cancel);
        boolean isPosted =
                loop.post(
                        () -> {
                            subscriber = walled;
                            walled.onSubscribe(this);
                            signal();
                        });
        if (!isPosted) {
            walled.onSubscribe(new ReplyPublisher.Refused());
            walled.onError(CallLoop.closed());
        }
    }

    @Override
    public void request(long items) {
        loop.post(
                () -> {
                    if (items <= 0) {
                        refuse(items);
                        return;
                    }
                    demand = demand + items < 0 ? Long.MAX_VALUE : demand + items;
                    signal();
                });
    }

    private void refuse(long items) {
        WalledSubscriber<R> known = subscriber;
        if (known != null && !isOver) {
            cancel();
            isOver = true;
            known.onError(new IllegalArgumentException("a request must be > 0: " + items));
        }
    }

    @Override
    public void cancel() {
        calls.forEach(Call::cancel);
        loop.post(
                () -> {
                    isOver = true;
                    arrived.clear();
                    endMilestones();
                });
    }

    /** Whatever of these has not come by now will not come any more. */
    private void endMilestones() {
        TuliException cancelled =
                new TuliException(
                        Outcome.UNKNOWN, Failure.CANCELLED, "the caller cancelled: call=" + id);
        accepted.completeExceptionally(cancelled);
        committed.completeExceptionally(cancelled);
        first.completeExceptionally(cancelled);
    }

    // ---- on the loop ---------------------------------------------------------------------------

    private void signal() {
        WalledSubscriber<R> known = subscriber;
        if (running == 0 && !hasAnswer && !accepted.isDone()) {
            accepted.completeExceptionally(problem());
        }
        if (running == 0 && !hasAnswer) {
            committed.completeExceptionally(problem());
        }
        if (known == null || isOver) {
            return;
        }
        while (demand > 0 && !arrived.isEmpty() && !isOver) {
            Arrived<R> next = arrived.remove();
            demand--;
            next.source().request(1);
            known.onNext(next.value());
        }
        if (running == 0 && arrived.isEmpty() && !isOver) {
            isOver = true;
            if (hasAnswer) {
                known.onComplete();
            } else {
                known.onError(problem());
            }
        }
    }

    private Throwable problem() {
        Throwable known = failure;
        return known != null
                ? known
                : new TuliException(
                        Outcome.FAILED,
                        Failure.UNAVAILABLE,
                        "a survey needs servers: none serves " + service + " at the moment");
    }

    /** What one member answers. */
    private final class OneMember implements Flow.Subscriber<R> {
        private final PendingCall<R> call;
        private Flow.@Nullable Subscription source;
        private boolean isCounted;

        OneMember(PendingCall<R> call) {
            this.call = call;
        }

        void giveUp() {
            if (!call.hasEnded()) {
                call.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = subscription;
            subscription.request(WINDOW);
        }

        @Override
        public void onNext(R item) {
            Flow.Subscription from = source;
            if (from != null && !isOver && isWanted()) {
                answered();
                arrived.add(new Arrived<>(item, from));
                signal();
            }
        }

        @Override
        public void onError(Throwable thrown) {
            failure = thrown;
            running--;
            signal();
        }

        @Override
        public void onComplete() {
            if (isWanted()) {
                answered();
            }
            running--;
            signal();
        }

        /** Whether it is one of as many as are to answer. */
        private boolean isWanted() {
            if (isCounted || answers >= wanted) {
                return isCounted;
            }
            isCounted = true;
            if (++answers == wanted) {
                members.stream().filter(each -> !each.isCounted).forEach(OneMember::giveUp);
            }
            return true;
        }

        private void answered() {
            hasAnswer = true;
            accepted.complete(null);
            committed.complete(new Receipt(-1, LogPosition.START, 0));
        }
    }

    /** For those who want one answer. */
    private final class First implements Flow.Subscriber<R> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(R item) {
            first.complete(item);
            cancel();
        }

        @Override
        public void onError(Throwable thrown) {
            first.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            first.complete(null);
        }
    }
}
