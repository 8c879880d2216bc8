package io.tuli.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Payload;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.TunnelFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the two ends of a tunnel say to each other, and what they refuse to hear. */
class TunnelEndTest {

    private static final long CALL = 7 << 6;
    private static final int WINDOW = 16 * 1024;

    private final ArrayDeque<TunnelFrame> toServed = new ArrayDeque<>();
    private final ArrayDeque<TunnelFrame> toOpener = new ArrayDeque<>();
    private final TunnelEnd opener = TunnelEnd.opener(CALL, WINDOW, toServed::add);
    private final TunnelEnd served =
            TunnelEnd.served(CALL, new Extensions.Opening(WINDOW, 1_000), WINDOW, toOpener::add);

    /** What is on its way comes. */
    private void pass() {
        while (!toServed.isEmpty() || !toOpener.isEmpty()) {
            while (!toServed.isEmpty()) {
                served.received(toServed.remove());
            }
            while (!toOpener.isEmpty()) {
                opener.received(toOpener.remove());
            }
        }
    }

    /** As much of it as there is room for; answers how much is left. */
    private int send(byte[] message, int left) {
        if (!opener.hasRoomFor(left)) {
            return left;
        }
        TunnelFrame.Piece piece =
                opener.next(
                        Payload.Format.OPAQUE,
                        message,
                        message.length - left,
                        message.length,
                        true);
        opener.sent(piece);
        toServed.add(piece);
        return left - piece.content().sizeBytes();
    }

    private static TunnelFrame.Piece piece(long offset, TunnelFrame.Part part, Payload content) {
        return new TunnelFrame.Piece(CALL, false, offset, part, content);
    }

    private static Payload bytes(int count) {
        return Payload.opaque(new byte[count]);
    }

    @Test
    @Tag("PT-60")
    void nothingIsSentBeforeTheOtherEndHasSaidHowMuchItTakes() {
        assertThat(opener.hasRoomFor(0)).isFalse();
        assertThat(served.hasRoomFor(WINDOW - TunnelEnd.PIECE_COST)).isTrue();

        pass();

        assertThat(opener.hasRoomFor(WINDOW)).isTrue();
    }

    @Test
    @Tag("PT-60")
    void whoTakesNothingIsSentAWindowAndNoMoreAndSaysSoWhenHalfIsFree() {
        pass();
        byte[] message = new byte[10 * WINDOW];

        int left = send(message, message.length);
        assertThat(message.length - left).isEqualTo(WINDOW - TunnelEnd.PIECE_COST);
        assertThat(send(message, left)).isEqualTo(left);
        pass();
        assertThat(served.heldCost()).isEqualTo(WINDOW);
        assertThat(toOpener).isEmpty();

        assertThat(served.take()).isNotNull();
        assertThat(toOpener).containsExactly(new TunnelFrame.Taken(CALL, true, 2 * WINDOW));
        pass();
        assertThat(send(message, left)).isLessThan(left);
    }

    @RepeatedTest(20)
    @Tag("PT-60")
    void whatIsTakenIsWhatWasSentWhateverTheSizesAndHoweverSlowlyItIsTaken(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> received = new ArrayList<>();
        byte[] coming = new byte[0];
        byte[] message = new byte[0];
        int left = 0;
        boolean isSending = false;
        for (int step = 0; step < 3_000 || isSending; step++) {
            if (!isSending && step < 3_000) {
                message = new byte[random.nextInt(3 * WINDOW)];
                random.nextBytes(message);
                left = message.length;
                isSending = true;
            }
            int before = toServed.size();
            left = send(message, left);
            if (isSending && left == 0 && toServed.size() > before) {
                sent.add(message);
                isSending = false;
            } else if (isSending && random.nextInt(50) == 0) {
                opener.giveUp();
                isSending = false;
            }
            if (random.nextInt(3) == 0) {
                pass();
            }
            TunnelFrame.Piece piece = random.nextBoolean() ? served.take() : null;
            assertThat(served.heldCost()).isLessThanOrEqualTo(WINDOW);
            if (piece != null && piece.part() == TunnelFrame.Part.GIVEN_UP) {
                coming = new byte[0];
            } else if (piece != null) {
                byte[] part = piece.content().bytes();
                byte[] more = Arrays.copyOf(coming, coming.length + part.length);
                System.arraycopy(part, 0, more, coming.length, part.length);
                coming = more;
                if (piece.part() == TunnelFrame.Part.LAST) {
                    received.add(coming);
                    coming = new byte[0];
                }
            }
        }
        assertThat(received).as("seed %s", info.getCurrentRepetition()).isNotEmpty();
        for (int i = 0; i < received.size(); i++) {
            assertThat(received.get(i)).isEqualTo(sent.get(i));
        }
    }

    @Test
    @Tag("IR-14")
    void aMessageThatIsGivenUpHalfWayIsForgottenAndTheNextOneFollows() {
        pass();
        byte[] message = new byte[2 * WINDOW];
        assertThat(send(message, message.length)).isPositive();
        opener.giveUp();
        assertThat(opener.hasRoomFor(1)).as("before that is told").isFalse();
        pass();
        assertThat(served.take())
                .extracting(TunnelFrame.Piece::part)
                .isEqualTo(TunnelFrame.Part.MORE);
        pass();

        assertThat(served.take())
                .extracting(TunnelFrame.Piece::part)
                .isEqualTo(TunnelFrame.Part.GIVEN_UP);
        assertThat(send(new byte[3], 3)).isZero();
        pass();
        assertThat(served.take())
                .extracting(TunnelFrame.Piece::part)
                .isEqualTo(TunnelFrame.Part.LAST);
    }

    @Test
    @Tag("PT-63")
    void whoHasFinishedSendsNothingMoreAndTheOtherEndComesToAnEnd() {
        pass();
        assertThat(send(new byte[3], 3)).isZero();
        opener.finish();
        opener.finish();
        assertThat(opener.hasRoomFor(0)).isFalse();
        pass();

        assertThat(served.hasOtherFinished()).isTrue();
        assertThat(served.isAtEnd()).as("before it is taken").isFalse();
        assertThat(served.take()).isNotNull();
        assertThat(served.isAtEnd()).isTrue();
        assertThat(served.hasRoomFor(3)).as("the other way").isTrue();
    }

    @Test
    @Tag("PT-63")
    void whatHasComeCanBeTakenWhenAllIsOverAndNothingIsSaidAnyMore() {
        pass();
        send(new byte[3], 3);
        pass();
        served.end();
        opener.end();

        served.received(piece(900, TunnelFrame.Part.LAST, bytes(1)));
        assertThat(served.take()).isNotNull();
        assertThat(served.take()).isNull();
        served.finish();
        opener.giveUp();
        assertThat(toOpener).isEmpty();
        assertThat(toServed).isEmpty();
        assertThat(opener.hasRoomFor(1)).isFalse();
    }

    @Test
    void whatNoHonestEndSaysIsRefusedAndChangesNothing() {
        refused(piece(1, TunnelFrame.Part.LAST, bytes(1)), "pieces follow each other");
        refused(piece(0, TunnelFrame.Part.LAST, Payload.NONE), "has content");
        refused(piece(0, TunnelFrame.Part.MORE, bytes(0)), "begins before it ends");
        refused(piece(0, TunnelFrame.Part.GIVEN_UP, Payload.NONE), "begins before it ends");
        refused(piece(0, TunnelFrame.Part.GIVEN_UP, bytes(1)), "others have none");
        refused(piece(0, TunnelFrame.Part.FINISH, bytes(1)), "others have none");
        refused(piece(0, TunnelFrame.Part.LAST, bytes(WINDOW)), "where it is taken");
        refused(new TunnelFrame.Taken(CALL, false, WINDOW), "who takes more");
        refused(new TunnelFrame.Taken(CALL, false, -1), "who takes more");
        refused(new TunnelFrame.Taken(CALL, false, Long.MAX_VALUE), "who takes more");

        served.received(piece(0, TunnelFrame.Part.MORE, bytes(10)));
        refused(piece(74, TunnelFrame.Part.LAST, Payload.json("1")), "of one format");
        refused(piece(0, TunnelFrame.Part.LAST, bytes(10)), "pieces follow each other");
        served.received(piece(74, TunnelFrame.Part.FINISH, Payload.NONE));
        refused(piece(74, TunnelFrame.Part.FINISH, Payload.NONE), "pieces follow each other");
        refused(piece(74, TunnelFrame.Part.LAST, bytes(1)), "pieces follow each other");
        assertThat(served.heldCost()).isEqualTo(74);
    }

    private void refused(TunnelFrame frame, String rule) {
        long before = served.heldCost();
        assertThatThrownBy(() -> served.received(frame))
                .isInstanceOf(InvalidFrameException.class)
                .hasMessageContaining(rule);
        assertThat(served.heldCost()).isEqualTo(before);
    }

    @Test
    void piecesOfNothingCostSomethingSoThatTheyAreBounded() {
        pass();
        int sent = 0;
        while (opener.hasRoomFor(0)) {
            send(new byte[0], 0);
            sent++;
        }
        assertThat(sent).isEqualTo(WINDOW / TunnelEnd.PIECE_COST);
    }
}
