package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.call.CallSpec;
import io.tuli.call.Outgoing;
import io.tuli.protocol.TunnelFrame;
import io.tuli.reply.CallLoop;
import io.tuli.reply.PendingCall;
import io.tuli.tunnel.TunnelEnd;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The call that opens a tunnel, and is under way as long as that is open. What happens is told by
 * its loop; {@link #await} is for the thread that opens it.
 */
public final class Opening extends Outgoing {

    /** A loop that is well tells the end of a call so soon after its deadline. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CallLoop loop;
    private final PendingCall.Explainer explainer;
    private final Tunnels tunnels;
    private final int window;
    private final Pipe pipe;

    Opening(CallSpec spec, CallLoop loop, PendingCall.Explainer explainer, Tunnels tunnels) {
        super(spec);
        this.loop = loop;
        this.explainer = explainer;
        this.tunnels = tunnels;
        this.window = Objects.requireNonNull(spec.extensions().opening()).windowBytes();
        this.pipe =
                new Pipe(
                        tunnels.shared(),
                        (why, sentCost) -> loop.post(() -> loop.caller().cancel(this)));
    }

    Pipe pipe() {
        return pipe;
    }

    int window() {
        return window;
    }

    /** The loop that is to make it. */
    public CallLoop loop() {
        return loop;
    }

    /** Ends it before any loop knows it. */
    public void failNow(TuliException why) {
        pipe.standing().over(why);
        tunnels.left(this);
    }

    /**
     * Waits until it is open.
     *
     * @throws TuliException where it does not come to that
     */
    public Tunnel await() {
        try {
            pipe.standing().awaitOpen(spec().deadlineNanos() + GRACE_NANOS);
            return pipe;
        } catch (TuliException notOpen) {
            pipe.standing().giveUp(notOpen.failure(), "it was given up before it was open");
            throw notOpen;
        }
    }

    // ---- what the loop tells -------------------------------------------------------------------

    @Override
    protected void onAccepted() {}

    @Override
    protected void onCommitted(LogPosition position, int copies, int disks) {}

    @Override
    protected void onStream() {
        MemberId to = Objects.requireNonNull(target());
        boolean isOpen =
                pipe.standing()
                        .open(
                                to,
                                () ->
                                        TunnelEnd.opener(
                                                number(),
                                                window,
                                                frame -> tunnels.shared().ways().send(to, frame)));
        if (!isOpen) {
            loop.post(() -> loop.caller().cancel(this));
        }
    }

    @Override
    protected void onTunnel(TunnelFrame frame) {
        pipe.standing().received(frame);
    }

    @Override
    protected void onReply(Payload body) {
        failNow(
                new TuliException(
                        Outcome.UNKNOWN, Failure.UNAVAILABLE, "it was answered, and not opened"));
    }

    @Override
    protected void onItem(long index, Payload body) {}

    /** Until its own time is over, which {@link Tunnels} sees to. */
    @Override
    protected boolean isStreamWanted() {
        return true;
    }

    @Override
    protected void onEnd() {
        pipe.standing().over(null);
        tunnels.left(this);
    }

    @Override
    protected void onFailed(Outcome outcome, Failure failure, String detail, Payload body) {
        failNow(explainer.explained(outcome, failure, detail));
    }
}
