package io.tuli.passage;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.call.CallSpec;
import io.tuli.call.Outgoing;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import io.tuli.tunnel.TunnelEnd;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The call of a simulated member that opens a tunnel. One thread. */
public final class OpenedTunnel extends Outgoing {

    private final Port port;
    private final Consumer<SimTunnel> onOpen;
    private @Nullable SimTunnel tunnel;
    private boolean isEnded;
    private @Nullable String why;

    /** What it needs of its member. */
    public interface Port {

        /** Left for the loop of that call, to say to a member. */
        void say(long call, MemberId to, Frame frame);

        void cancel(Outgoing call);
    }

    /**
     * @param onOpen told once, when it is open
     */
    public OpenedTunnel(CallSpec spec, Port port, Consumer<SimTunnel> onOpen) {
        super(spec);
        this.port = port;
        this.onOpen = onOpen;
    }

    /** Whether its call has ended. */
    public boolean hasEnded() {
        return isEnded;
    }

    /** Null where it has not been open. */
    public @Nullable SimTunnel tunnel() {
        return tunnel;
    }

    /** Why its call has ended; null where it has not, or as it should. */
    public @Nullable String why() {
        return why;
    }

    public void cancel() {
        port.cancel(this);
    }

    @Override
    protected void onStream() {
        MemberId to = Objects.requireNonNull(target());
        int window = Objects.requireNonNull(spec().extensions().opening()).windowBytes();
        long number = number();
        SimTunnel opened =
                new SimTunnel(
                        to,
                        TunnelEnd.opener(number, window, frame -> port.say(number, to, frame)),
                        frame -> port.say(number, to, frame),
                        reason -> port.cancel(this));
        tunnel = opened;
        onOpen.accept(opened);
    }

    @Override
    protected void onTunnel(TunnelFrame frame) {
        if (tunnel != null) {
            tunnel.received(frame);
        }
    }

    private void ended(@Nullable String reason) {
        isEnded = true;
        why = reason;
        if (tunnel != null) {
            tunnel.over(reason);
        }
    }

    @Override
    protected void onAccepted() {}

    @Override
    protected void onCommitted(LogPosition position, int copies, int disks) {}

    @Override
    protected void onReply(Payload body) {
        ended("answered, and not opened");
    }

    @Override
    protected void onItem(long index, Payload body) {}

    @Override
    protected boolean isStreamWanted() {
        return true;
    }

    @Override
    protected void onEnd() {
        ended(null);
    }

    @Override
    protected void onFailed(Outcome outcome, Failure failure, String detail, Payload body) {
        ended(outcome + " " + failure + " " + detail);
    }
}
