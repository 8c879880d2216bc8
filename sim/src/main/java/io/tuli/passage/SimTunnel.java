package io.tuli.passage;

import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import io.tuli.tunnel.TunnelEnd;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel at a simulated member. It does nothing by itself: who has it sends and takes
 * as virtual time passes. One thread.
 */
public final class SimTunnel {

    private final MemberId other;
    private final TunnelEnd end;
    private final Consumer<Frame> say;
    private final Consumer<@Nullable String> leave;
    private boolean isOver;
    private @Nullable String why;

    /**
     * @param say takes what is said to the other end, in order
     * @param leave told once when this end ends it, with why; null where both have finished
     */
    SimTunnel(
            MemberId other, TunnelEnd end, Consumer<Frame> say, Consumer<@Nullable String> leave) {
        this.other = other;
        this.end = end;
        this.say = say;
        this.leave = leave;
    }

    public MemberId other() {
        return other;
    }

    void received(TunnelFrame frame) {
        end.received(frame);
    }

    void over(@Nullable String reason) {
        if (!isOver) {
            isOver = true;
            why = reason;
            end.end();
        }
    }

    /**
     * Sends as much of this as may be sent, if that is worth it; answers how many bytes of it are
     * not sent.
     */
    public int send(byte[] message, int left) {
        if (isOver || !end.hasRoomFor(left)) {
            return left;
        }
        TunnelFrame.Piece piece =
                end.next(
                        Payload.Format.OPAQUE,
                        message,
                        message.length - left,
                        message.length,
                        true);
        end.sent(piece);
        say.accept(piece);
        return left - piece.content().sizeBytes();
    }

    /** What was sent of a message is given up. */
    public void giveUp() {
        end.giveUp();
    }

    public void finish() {
        end.finish();
    }

    /** The next piece; null where there is none yet. */
    public TunnelFrame.@Nullable Piece take() {
        return end.take();
    }

    /** Both have finished, and all has been taken here. */
    public boolean isDone() {
        return end.hasFinished() && end.isAtEnd();
    }

    /** All there will be has been taken. */
    public boolean isAtEnd() {
        return end.isAtEnd();
    }

    public long heldCost() {
        return end.heldCost();
    }

    public boolean isOver() {
        return isOver;
    }

    /** Why it is over; null where it is not, or both had finished. */
    public @Nullable String why() {
        return why;
    }

    /** This end leaves it: it has finished, or for some reason. */
    public void leave(String reason) {
        if (!isOver) {
            String told = end.hasFinished() && end.hasOtherFinished() ? null : reason;
            over(told);
            leave.accept(told);
        }
    }

    long sentCost() {
        return end.sentCost();
    }

    @Override
    public String toString() {
        return end + (isOver ? " over" : "");
    }
}
