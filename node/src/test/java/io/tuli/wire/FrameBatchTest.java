package io.tuli.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every frame comes once; what must keep its order keeps it; what may be gathered is gathered. */
class FrameBatchTest {

    private static final WireLimits LIMITS = WireLimits.of(Limits.defaults());
    private static final int CALL_BITS = 6;

    private final FrameEncoder encoder = new FrameEncoder(LIMITS);
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);
    private final FrameBatch batch = new FrameBatch(decoder);

    @Test
    void requestsComePartitionByPartitionEachInItsOrder() {
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sent.add(request(i, i % 7));
        }

        List<Frame> taken = taken(sent);

        List<Frame> expected = new ArrayList<>(sent);
        expected.sort(Comparator.comparingInt(frame -> ((Frame.Request) frame).partition()));
        assertThat(taken).isEqualTo(expected);
    }

    @Test
    void answersComeAboutInTheOrderOfTheirCalls() {
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sent.add(result((i % 10) * 100 + i / 10));
        }

        List<Frame> taken = taken(sent);

        assertThat(taken).containsExactlyInAnyOrderElementsOf(sent);
        for (int i = 0; i < taken.size(); i++) {
            long sequence = ((Frame.Result) taken.get(i)).call() >> CALL_BITS;
            assertThat(Math.abs(sequence - i)).isLessThan(16);
        }
    }

    @Test
    void answersToCallsMadeLongApartKeepTheirOrder() {
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(result(i % 2 == 0 ? i : 1_000_000L + i));
        }

        assertThat(taken(sent)).isEqualTo(sent);
    }

    @Test
    void nothingPassesAFrameOfAnotherKind() {
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add(i == 150 ? new Frame.Cancel(i) : request(i, 300 - i));
        }

        List<Frame> taken = taken(sent);

        assertThat(taken.indexOf(sent.get(150))).isEqualTo(150);
        assertThat(taken.subList(0, 150)).containsExactlyInAnyOrderElementsOf(sent.subList(0, 150));
    }

    @Test
    void whateverComesIsTakenOnceAndPartitionsKeepTheirOrder() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100; round++) {
            List<Frame> sent = new ArrayList<>();
            int runs = random.nextInt(6);
            for (int run = 0; run < runs; run++) {
                int length = random.nextInt(400);
                int kind = random.nextInt(3);
                for (int i = 0; i < length; i++) {
                    sent.add(any(random, kind, sent.size()));
                }
            }

            List<Frame> taken = taken(sent);

            assertThat(taken).as("-Dtuli.seed=%d", seed).containsExactlyInAnyOrderElementsOf(sent);
            for (int partition = 0; partition < 5; partition++) {
                assertThat(ofPartition(taken, partition))
                        .as("-Dtuli.seed=%d", seed)
                        .isEqualTo(ofPartition(sent, partition));
            }
        }
    }

    @Test
    void aPartOfAFrameIsLeftWhereItIs() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < 100; i++) {
            encoder.encode(request(i, i % 3), bytes);
        }
        int whole = bytes.writerIndex();
        encoder.encode(request(100, 0), bytes);
        bytes.writerIndex(bytes.writerIndex() - 1);

        assertThat(taken(bytes)).hasSize(100);
        assertThat(bytes.readerIndex()).isEqualTo(whole);
    }

    @Test
    void framesBeforeOneThatIsNoneAreTaken() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < 100; i++) {
            encoder.encode(request(i, i % 3), bytes);
        }
        bytes.writeInt(9).writeByte(99).writeZero(8);
        batch.begin(decoder);
        for (int i = 0; i < 100; i++) {
            assertThat(batch.next(bytes)).isInstanceOf(Frame.Request.class);
        }

        assertThatThrownBy(() -> batch.next(bytes)).isInstanceOf(WireException.class);
    }

    private static Frame any(SplittableRandom random, int kind, int number) {
        return switch (kind) {
            case 0 -> request(number, random.nextInt(5));
            case 1 -> result(number + (long) random.nextInt(random.nextInt(4) == 0 ? 9_000 : 50));
            default -> new Frame.Credit(number, 1);
        };
    }

    private static List<Frame> ofPartition(List<Frame> frames, int partition) {
        return frames.stream()
                .filter(frame -> frame instanceof Frame.Request r && r.partition() == partition)
                .toList();
    }

    private List<Frame> taken(List<Frame> sent) {
        ByteBuf bytes = Unpooled.buffer();
        sent.forEach(frame -> encoder.encode(frame, bytes));
        List<Frame> taken = taken(bytes);
        assertThat(bytes.isReadable()).isFalse();
        return taken;
    }

    private List<Frame> taken(ByteBuf bytes) {
        List<Frame> taken = new ArrayList<>();
        batch.begin(decoder);
        for (Frame frame = batch.next(bytes); frame != null; frame = batch.next(bytes)) {
            taken.add(frame);
        }
        return taken;
    }

    private static Frame request(int number, int partition) {
        return new Frame.Request(
                7,
                partition,
                (long) number << CALL_BITS,
                new RequestId(1, number),
                0,
                1_000,
                Commit.owner(),
                "update",
                Key.of("k" + number),
                Payload.json("1"),
                new TreeMap<>());
    }

    private static Frame result(long sequence) {
        LogPosition at = new LogPosition(new Epoch(1, 2), sequence);
        return new Frame.Result(
                sequence << CALL_BITS, Outcome.OK, null, "", at, 1, false, Payload.NONE);
    }
}
