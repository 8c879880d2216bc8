package io.tuli.tunnel;

import io.tuli.Payload;
import io.tuli.error.Require;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.TunnelFrame;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel: messages in pieces, as far as the other end has said that it takes them, and
 * those of the other end until somebody takes them here. Pure; one thread at a time.
 *
 * <p>What is sent is counted from the beginning, each piece by its bytes and some more, so that
 * pieces of nothing cost something, too. The other end says up to which count it takes pieces,
 * again whenever half of what it gave is free. A message whose sending is given up half-way is
 * forgotten at the other end, and the next one follows.
 *
 * <p>Invariants: what is taken here is what was sent there, in order, from the beginning, without
 * gap or repetition; at most a window is held.
 */
public final class TunnelEnd {

    /** The most of a message in one piece: with its frame it fits what a link writes at once. */
    public static final int PIECE_BYTES = 64 * 1024 - 256;

    /** What a piece costs besides its bytes. */
    public static final int PIECE_COST = 64;

    /** The smallest window. */
    public static final int WINDOW_LEAST = 16 * 1024;

    /** A piece is at least so much of the window, unless it is the last of its message. */
    private static final int LEAST_PART = 4;

    private final long call;
    private final boolean isOpener;
    private final int windowBytes;
    private final Consumer<TunnelFrame> out;

    // What it sends.
    private long sent;
    private long allowed;
    private int otherWindowBytes;
    private boolean isInMessage;
    private boolean owesGivenUp;
    private boolean hasFinished;

    // What it receives.
    private final ArrayDeque<TunnelFrame.Piece> pieces = new ArrayDeque<>();
    private long received;
    private long taken;
    private long told;
    private Payload.@Nullable Format formatOfOther;
    private boolean hasOtherFinished;

    private boolean isOver;

    private TunnelEnd(long call, boolean isOpener, int windowBytes, Consumer<TunnelFrame> out) {
        this.call = call;
        this.isOpener = isOpener;
        this.windowBytes = windowBytes;
        this.out = out;
    }

    /**
     * The end of who has opened the tunnel.
     *
     * @param windowBytes that the other end has been told with the Ask
     * @param out takes what is said to the other end, in order; it calls nothing back
     */
    public static TunnelEnd opener(long call, int windowBytes, Consumer<TunnelFrame> out) {
        TunnelEnd end = new TunnelEnd(call, true, windowBytes, out);
        end.told = windowBytes;
        return end;
    }

    /**
     * The end of whose handler has the tunnel: it says how much it takes.
     *
     * @param opening as the Ask says it
     */
    public static TunnelEnd served(
            long call, Extensions.Opening opening, int windowBytes, Consumer<TunnelFrame> out) {
        TunnelEnd end = new TunnelEnd(call, false, windowBytes, out);
        end.allowed = opening.windowBytes();
        end.otherWindowBytes = opening.windowBytes();
        end.told = windowBytes;
        out.accept(new TunnelFrame.Taken(call, true, windowBytes));
        return end;
    }

    // ---- sending -------------------------------------------------------------------------------

    /** Whether it may send a piece of so many bytes, or one that is worth it. */
    public boolean hasRoomFor(int bytes) {
        if (owesGivenUp || hasFinished || isOver) {
            return false;
        }
        int part = Math.max(1, Math.min(PIECE_BYTES, otherWindowBytes / LEAST_PART));
        long least = Math.min(bytes, part);
        return allowed - sent - PIECE_COST >= least;
    }

    /**
     * The next piece of a message: as much of it as may be sent. Not sent yet: {@link #sent}.
     *
     * @param bytes of which those from {@code from} to {@code to} are left; copied
     * @param isAll whether the message ends with them
     */
    public TunnelFrame.Piece next(
            Payload.Format format, byte[] bytes, int from, int to, boolean isAll) {
        Require.invariant(hasRoomFor(to - from), "a piece is sent where there is room", this);
        int count = (int) Math.min(to - from, Math.min(PIECE_BYTES, allowed - sent - PIECE_COST));
        boolean isLast = isAll && from + count == to;
        byte[] part = Arrays.copyOfRange(bytes, from, from + count);
        TunnelFrame.Part place = isLast ? TunnelFrame.Part.LAST : TunnelFrame.Part.MORE;
        return new TunnelFrame.Piece(call, !isOpener, sent, place, Payload.of(format, part));
    }

    /** That piece is on its way. */
    public void sent(TunnelFrame.Piece piece) {
        Require.invariant(piece.offset() == sent, "pieces are sent in order", piece.offset());
        sent += costOf(piece);
        isInMessage = piece.part() == TunnelFrame.Part.MORE;
    }

    /** What has been sent of a message is to be forgotten; nothing where none has begun. */
    public void giveUp() {
        if (isInMessage) {
            isInMessage = false;
            owesGivenUp = true;
            payOwed();
        }
    }

    private void payOwed() {
        if (owesGivenUp && !isOver && allowed - sent >= PIECE_COST) {
            owesGivenUp = false;
            say(TunnelFrame.Part.GIVEN_UP);
            sent += PIECE_COST;
        }
    }

    /** Nothing more is sent: whoever receives at the other end comes to an end. */
    public void finish() {
        if (!hasFinished && !isOver) {
            hasFinished = true;
            owesGivenUp = false;
            isInMessage = false;
            say(TunnelFrame.Part.FINISH);
        }
    }

    private void say(TunnelFrame.Part part) {
        out.accept(new TunnelFrame.Piece(call, !isOpener, sent, part, Payload.NONE));
    }

    public boolean hasFinished() {
        return hasFinished;
    }

    /** What all that was sent has cost. */
    public long sentCost() {
        return sent;
    }

    // ---- receiving -----------------------------------------------------------------------------

    /**
     * Something from the other end.
     *
     * @throws InvalidFrameException where no honest end says so; nothing has changed then
     */
    public void received(TunnelFrame frame) {
        if (isOver) {
            return;
        }
        switch (frame) {
            case TunnelFrame.Piece piece -> received(piece);
            case TunnelFrame.Taken more -> allowed(more);
        }
    }

    private void allowed(TunnelFrame.Taken more) {
        InvalidFrameException.require(
                more.allowed() > allowed && more.allowed() - sent <= Extensions.Opening.WINDOW_MOST,
                "who takes more says so, and a window is bounded",
                more.allowed());
        if (allowed == 0) {
            otherWindowBytes = (int) more.allowed();
        }
        allowed = more.allowed();
        payOwed();
    }

    private void received(TunnelFrame.Piece piece) {
        boolean hasContent = isOfMessage(piece);
        InvalidFrameException.require(
                !hasOtherFinished && piece.offset() == received,
                "pieces follow each other, after " + received,
                piece.offset());
        InvalidFrameException.require(
                hasContent != piece.content().isNone(),
                "a piece of a message has content, others have none",
                piece.part());
        InvalidFrameException.require(
                received + costOf(piece) <= told,
                "a piece is sent where it is taken, up to " + told,
                received);
        InvalidFrameException.require(
                isInPlace(piece), "a message is of one format, and begins before it ends", piece);
        received += costOf(piece);
        formatOfOther = piece.part() == TunnelFrame.Part.MORE ? piece.content().format() : null;
        if (piece.part() == TunnelFrame.Part.FINISH) {
            hasOtherFinished = true;
        } else {
            pieces.add(piece);
        }
    }

    private boolean isInPlace(TunnelFrame.Piece piece) {
        return switch (piece.part()) {
            case FINISH -> true;
            case GIVEN_UP -> formatOfOther != null;
            case MORE -> piece.content().sizeBytes() > 0 && isOfFormat(piece);
            case LAST -> isOfFormat(piece);
        };
    }

    private boolean isOfFormat(TunnelFrame.Piece piece) {
        return formatOfOther == null || formatOfOther == piece.content().format();
    }

    private static boolean isOfMessage(TunnelFrame.Piece piece) {
        return piece.part() == TunnelFrame.Part.MORE || piece.part() == TunnelFrame.Part.LAST;
    }

    private static int costOf(TunnelFrame.Piece piece) {
        return piece.part() == TunnelFrame.Part.FINISH
                ? 0
                : PIECE_COST + piece.content().sizeBytes();
    }

    /** The next piece of the other end, for which another may come; null where none is there. */
    public TunnelFrame.@Nullable Piece take() {
        TunnelFrame.Piece piece = pieces.poll();
        if (piece != null) {
            taken += costOf(piece);
            tellMore();
        }
        return piece;
    }

    private void tellMore() {
        long more = taken + windowBytes;
        if (!hasOtherFinished && !isOver && more - told >= windowBytes / 2) {
            told = more;
            out.accept(new TunnelFrame.Taken(call, !isOpener, told));
        }
    }

    /** Whether the other end has finished, whatever is left to take. */
    public boolean hasOtherFinished() {
        return hasOtherFinished;
    }

    /** Whether all has been taken, and nothing more comes. */
    public boolean isAtEnd() {
        return hasOtherFinished && pieces.isEmpty();
    }

    /** What all pieces that wait here cost. */
    public long heldCost() {
        return received - taken;
    }

    // ---- the end -------------------------------------------------------------------------------

    /** The tunnel is over: nothing is said or heard any more; what has come can be taken. */
    public void end() {
        isOver = true;
    }

    /** Nobody takes what has come. */
    public void forget() {
        taken = received;
        pieces.clear();
    }

    @Override
    public String toString() {
        return "tunnel "
                + call
                + (isOpener ? " opened" : " served")
                + " sent="
                + sent
                + " allowed="
                + allowed
                + " received="
                + received
                + " taken="
                + taken;
    }
}
