package io.tuli.reply;

import io.tuli.Call;
import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.Refusal;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.call.CallSpec;
import io.tuli.call.Outgoing;
import io.tuli.codec.Refusals;
import io.tuli.document.ValueExcerpt;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Thrown;
import io.tuli.spin.MeshFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A call as its caller holds it. What happens is told by one loop; any thread may ask.
 *
 * <p>A milestone's future is made when first asked for. Whoever makes it publishes it before
 * looking whether the milestone has passed, and the loop publishes the milestone before looking for
 * a future: so at least one of them completes it, and completing twice is harmless. The loop never
 * takes the lock, which only keeps two askers from making two futures.
 */
public class PendingCall<R> extends Outgoing implements Call<R> {

    private static final VarHandle POSITION = positionHandle();

    private final CallLoop loop;
    private final Terms terms;
    private final Class<R> type;

    private volatile boolean isAccepted;

    /** Where it was committed, and by then on so many servers and disks; null while not. */
    private volatile @Nullable LogPosition position;

    private char counts;

    /** How it ended: a Payload, a TuliException, or null while it has not. */
    private volatile @Nullable Object end;

    private volatile @Nullable CompletableFuture<Void> acceptedFuture;
    private volatile @Nullable CompletableFuture<Receipt> committedFuture;
    private volatile @Nullable CompletableFuture<@Nullable R> replyFuture;
    private volatile @Nullable ReplyPublisher<R> publisher;

    // The loop's alone, from here on.

    /** Those not taken yet; null unless it is answered by a stream. */
    private @Nullable ArrayDeque<Payload> items;

    private boolean holdsPermit;

    /**
     * @param loop that is to make the call
     * @param type of its reply
     */
    public PendingCall(CallSpec spec, CallLoop loop, Class<R> type, Terms terms) {
        super(spec);
        this.loop = loop;
        this.type = type;
        this.terms = terms;
    }

    private static VarHandle positionHandle() {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(PendingCall.class, "position", LogPosition.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /**
     * What all calls of a service have in common.
     *
     * @param permits gets one back when a call ends that holds one
     * @param explainer says a failure in the words of the service
     */
    public record Terms(Codec codec, Permits permits, Explainer explainer) {}

    /** Says why a call failed. */
    @FunctionalInterface
    public interface Explainer {
        TuliException explained(Outcome outcome, Failure failure, String detail);
    }

    /** The loop that is to make it. */
    public CallLoop loop() {
        return loop;
    }

    /** Whether it has ended, be it before it was sent. */
    public final boolean hasEnded() {
        return end != null;
    }

    /** Before it is left to its loop: it is one of the calls in flight from now on. */
    public void hasPermit() {
        holdsPermit = true;
    }

    /** Ends it before any loop knows it. */
    public void failNow(TuliException why) {
        finish(why);
    }

    // ---- the caller's side ---------------------------------------------------------------------

    @Override
    public RequestId id() {
        return spec().id();
    }

    @Override
    public CompletableFuture<Void> accepted() {
        CompletableFuture<Void> future = acceptedFuture;
        if (future == null) {
            synchronized (this) {
                future = acceptedFuture;
                if (future == null) {
                    future = new MeshFuture<>();
                    acceptedFuture = future;
                }
            }
            Object ended = end;
            if (isAccepted || position != null) {
                future.complete(null);
            } else if (ended instanceof TuliException failure) {
                future.completeExceptionally(failure);
            }
        }
        return future;
    }

    @Override
    public CompletableFuture<Receipt> committed() {
        CompletableFuture<Receipt> future = committedFuture;
        if (future == null) {
            synchronized (this) {
                future = committedFuture;
                if (future == null) {
                    future = new MeshFuture<>();
                    committedFuture = future;
                }
            }
            Object ended = end;
            LogPosition known = position;
            if (known != null) {
                future.complete(receipt(known));
            } else if (ended instanceof TuliException failure) {
                future.completeExceptionally(failure);
            }
        }
        return future;
    }

    @Override
    public CompletableFuture<@Nullable R> reply() {
        CompletableFuture<@Nullable R> future = replyFuture;
        if (future == null) {
            synchronized (this) {
                future = replyFuture;
                if (future == null) {
                    requireUnused(publisher);
                    future = new MeshFuture<>();
                    replyFuture = future;
                }
            }
            if (end != null) {
                completeReply(future);
            } else if (position != null) {
                loop.post(this::passOn);
            }
        }
        return future;
    }

    @Override
    public @Nullable R await() {
        return new ReplyWait<>(this, spec().deadlineNanos()).await();
    }

    @Override
    public Flow.Publisher<R> replies() {
        ReplyPublisher<R> known = publisher;
        if (known == null) {
            synchronized (this) {
                known = publisher;
                if (known == null) {
                    requireUnused(replyFuture);
                    known = new ReplyPublisher<>(this, loop);
                    publisher = known;
                }
            }
        }
        return known;
    }

    private static void requireUnused(@Nullable Object other) {
        if (other != null) {
            throw new IllegalStateException(
                    "a call is used by reply() or by replies(), not by both");
        }
    }

    @Override
    public void cancel() {
        loop.post(() -> loop.caller().cancel(this));
    }

    // ---- for the publisher, on the loop --------------------------------------------------------

    boolean isStreaming() {
        return items != null;
    }

    @Nullable Object end() {
        return end;
    }

    /** The oldest item not taken yet; what is taken is given back as credit. */
    @Nullable Payload pollItem() {
        ArrayDeque<Payload> here = items;
        return here == null ? null : here.poll();
    }

    boolean hasItems() {
        ArrayDeque<Payload> here = items;
        return here != null && !here.isEmpty();
    }

    /**
     * What the owner answered, as its caller wants it.
     *
     * @throws TuliException of outcome OK where it is no such value: it was executed all the same
     */
    @Nullable R decode(Payload body) {
        if (type == Void.class) {
            return null;
        }
        try {
            return terms.codec().decode(body, type);
        } catch (Throwable unreadable) {
            // Constructors of a user's class run here.
            throw new TuliException(
                    Outcome.OK,
                    Failure.BAD_REQUEST,
                    Excerpt.detail(
                            "executed, but its reply cannot be read as "
                                    + type.getTypeName()
                                    + ": "
                                    + ValueExcerpt.of(body)
                                    + "; "
                                    + why(unreadable)));
        }
    }

    private static String why(Throwable unreadable) {
        return unreadable instanceof TuliException known
                ? String.valueOf(known.getMessage())
                : Thrown.text(unreadable);
    }

    /** What its answer takes; 0 while there is none. */
    int replyBytes() {
        return end instanceof Payload body ? body.sizeBytes() : 0;
    }

    void credit(int taken) {
        loop.caller().credit(this, taken);
    }

    /** Gives items to whoever wants them by now. */
    private void passOn() {
        ReplyPublisher<R> known = publisher;
        if (known != null) {
            known.passOn();
            return;
        }
        CompletableFuture<@Nullable R> future = replyFuture;
        Payload first = future == null || end != null ? null : pollItem();
        if (first != null && future != null) {
            end = first;
            ended(first);
            completeReply(future);
            loop.caller().cancel(this);
        }
    }

    // ---- what the loop tells -------------------------------------------------------------------

    @Override
    protected void onAccepted() {
        isAccepted = true;
        CompletableFuture<Void> future = acceptedFuture;
        if (future != null) {
            future.complete(null);
        }
    }

    @Override
    protected void onCommitted(LogPosition told, int copiesThen, int disksThen) {
        if (!isAccepted) {
            onAccepted();
        }
        counts = counted(copiesThen, disksThen);
        position = told;
        CompletableFuture<Receipt> future = committedFuture;
        if (future != null) {
            future.complete(receipt(told));
        }
    }

    /** There are a great many calls: what is smaller than a number is kept as that. */
    private static char counted(int copies, int disks) {
        int most = (1 << Byte.SIZE) - 1;
        return (char) (Math.clamp(copies, 0, most) | Math.clamp(disks, 0, most) << Byte.SIZE);
    }

    private Receipt receipt(LogPosition at) {
        return receipt(at, counts & 0xff, counts >>> Byte.SIZE);
    }

    @Override
    protected void onReply(Payload body) {
        finish(body);
    }

    /** As one milestone after the other, but published once: {@code end} is looked at first. */
    @Override
    protected void onAnswered(LogPosition told, int copiesThen, int disksThen, Payload body) {
        counts = counted(copiesThen, disksThen);
        POSITION.setRelease(this, told);
        finish(body);
        CompletableFuture<Void> acceptedOne = acceptedFuture;
        if (acceptedOne != null) {
            acceptedOne.complete(null);
        }
        CompletableFuture<Receipt> committedOne = committedFuture;
        if (committedOne != null) {
            committedOne.complete(receipt(told));
        }
    }

    @Override
    protected void onStream() {
        items = new ArrayDeque<>();
    }

    @Override
    protected boolean isStreamWanted() {
        ReplyPublisher<R> known = publisher;
        return replyFuture != null || (known != null && known.isSubscribed());
    }

    @Override
    protected void onItem(long index, Payload body) {
        if (items != null) {
            items.add(body);
            passOn();
        }
    }

    @Override
    protected void onEnd() {
        finish(Payload.NONE);
    }

    @Override
    protected void onFailed(Outcome outcome, Failure failure, String detail, Payload body) {
        Refusal refusal = body.isNone() ? null : Refusals.read(body, detail, terms.codec());
        finish(
                refusal == null
                        ? terms.explainer().explained(outcome, failure, detail)
                        : refusal.outcome(outcome));
    }

    /** Told once, with a Payload or a TuliException. */
    void ended(Object how) {}

    private void finish(Object how) {
        if (holdsPermit) {
            holdsPermit = false;
            loop.giveBack(terms.permits());
        }
        if (end == null) {
            end = how;
            ended(how);
        }
        if (how instanceof TuliException failure) {
            failMilestones(failure);
        }
        CompletableFuture<@Nullable R> future = replyFuture;
        if (future != null) {
            completeReply(future);
        }
        ReplyPublisher<R> known = publisher;
        if (known != null) {
            known.passOn();
        }
    }

    private void failMilestones(TuliException failure) {
        CompletableFuture<Void> acceptedOne = acceptedFuture;
        if (acceptedOne != null) {
            acceptedOne.completeExceptionally(failure);
        }
        CompletableFuture<Receipt> committedOne = committedFuture;
        if (committedOne != null) {
            committedOne.completeExceptionally(failure);
        }
    }

    private void completeReply(CompletableFuture<@Nullable R> future) {
        Object how = end;
        if (how instanceof TuliException failure) {
            future.completeExceptionally(failure);
        } else if (how instanceof Payload body) {
            try {
                future.complete(decode(body));
            } catch (TuliException notThatType) {
                future.completeExceptionally(notThatType);
            }
        }
    }
}
