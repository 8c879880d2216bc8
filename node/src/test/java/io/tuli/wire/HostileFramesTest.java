package io.tuli.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B3, B4, B5 and B9: any bytes are a frame or an exception, and never cost more than they are. */
@Tag("U6")
class HostileFramesTest {
    private static final WireLimits LIMITS = WireLimits.of(Limits.defaults());
    private static final int RECORDED_ROUNDS = 10;

    /** The scratch of a decoder and the frame; the rest is for classes the JVM has yet to load. */
    private static final long ALLOCATED_BYTES_MAX = 256 * 1024;

    private final FrameEncoder encoder = new FrameEncoder(LIMITS);
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);

    @Test
    void everyFlippedBitGivesAFrameOrAnException() {
        for (byte[] frame : recorded()) {
            for (int bit = 0; bit < frame.length * 8; bit++) {
                byte[] flipped = frame.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                decodeHostile(flipped);
            }
        }
    }

    @Test
    void everyTruncationWaitsForMoreOrThrows() {
        for (byte[] frame : recorded()) {
            for (int length = 0; length < frame.length; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                if (decoder.next(Unpooled.wrappedBuffer(cut)) != null) {
                    fail("a frame of which %d bytes are missing", frame.length - length);
                }
                decodeHostile(withLength(cut));
            }
        }
    }

    @Test
    void randomBytesGiveAFrameOrAnException() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[5 + random.nextInt(200)];
            random.nextBytes(bytes);
            bytes[4] = (byte) random.nextInt(FrameType.values().length);
            decodeHostile(withLength(bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1024 * 1024 + 64 * 1024 + 1})
    void aLengthOutsideTheLimitsIsRefusedFromTheHeaderAlone(int length) {
        ByteBuf header = Unpooled.buffer().writeInt(length).writeByte(FrameType.ITEM.code());

        assertThatThrownBy(() -> new FrameDecoder(LIMITS).missing(header))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("a frame's length must be 1..");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16", // unknown type 22
                "ff", // unknown type
                "00" + "00", // a sign of life with content
                "03" + "8000", // a number longer than needed
                "03" + "ffffffffffffffffff02", // a number over 64 bits
                "04" + "01" + "ffffffff0f", // a count that is negative as an int
                "05" + "ffffffff07", // two thousand million calls in no bytes
                "08" + "01" + "00" + "04", // no value, but a byte of it
                "08" + "01" + "00" + "07", // unknown format
                "08" + "01" + "00" + "05", // a byte of JSON is missing
                "08" + "01" + "00" + "00" + "00", // bytes after the last field
                "09" + "10" + "01" + "00" + "00", // unknown flag
                "09" + "08" + "01" + "00" + "7f" + "00", // unknown failure
                "09" + "00" + "01" + "00" + "02" + "c080", // overlong UTF-8 of NUL
                "09" + "00" + "01" + "00" + "03" + "eda080", // a lone surrogate
                "09" + "00" + "01" + "00" + "01" + "ff", // no UTF-8 at all
            })
    void whatNoEncoderWritesIsRefused(String hex) {
        byte[] content = HexFormat.of().parseHex(hex);
        ByteBuf bytes = Unpooled.buffer().writeInt(content.length).writeBytes(content);

        assertThatThrownBy(() -> new FrameDecoder(LIMITS).next(bytes))
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", ".", "a..b", "a\\b", "a\\"})
    void aKeyThatNoMemberWritesIsRefused(String key) {
        ByteBuf bytes = Unpooled.buffer();
        Frame request = TestFrames.request("get", Key.of("K".repeat(5)), Payload.NONE);
        new FrameEncoder(LIMITS).encode(request, bytes);
        int at = bytes.toString(StandardCharsets.ISO_8859_1).indexOf("KKKKK");
        ByteBuf forged = Unpooled.buffer().writeBytes(bytes, 0, at - 1);
        forged.writeByte(key.length()).writeBytes(key.getBytes(StandardCharsets.ISO_8859_1));
        forged.writeBytes(bytes, at + 5, bytes.writerIndex() - at - 5);
        forged.setInt(0, forged.readableBytes() - FrameEncoder.LENGTH_BYTES);

        assertThatThrownBy(() -> new FrameDecoder(LIMITS).next(forged))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("a key ");
    }

    /**
     * A frame that is accepted says all that its bytes say, unless these are extensions, or orders
     * to a terminal in what it says for people.
     */
    private void decodeHostile(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        long before = allocatedBytes();
        Frame frame = null;
        try {
            frame = decoder.next(in);
        } catch (MalformedException expected) {
            // the other good end
        }
        long allocated = allocatedBytes() - before;
        if (allocated > ALLOCATED_BYTES_MAX) {
            fail("allocated %d for %s", allocated, HexFormat.of().formatHex(bytes));
        }
        if (frame != null && !(frame instanceof Frame.Request) && !(frame instanceof Frame.Ask)) {
            ByteBuf again = Unpooled.buffer(encoder.sizeAtMost(frame));
            encoder.encode(frame, again);
            boolean isSame = again.equals(Unpooled.wrappedBuffer(bytes, 0, in.readerIndex()));
            boolean mayDiffer = isMadePrintable(frame) || frame instanceof Frame.Publish;
            if (!isSame && !(mayDiffer && frame.equals(decoder.next(again)))) {
                fail("%s is another frame than %s", HexFormat.of().formatHex(bytes), frame);
            }
        }
    }

    private static boolean isMadePrintable(Frame frame) {
        return switch (frame) {
            case Frame.Result result -> result.detail().contains("\\u00");
            case Frame.End end -> end.detail().contains("\\u00");
            case Frame.Unseen unseen -> unseen.detail().contains("\\u00");
            case GroupFrame.Revoke revoke -> revoke.detail().contains("\\u00");
            default -> false;
        };
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private static byte[] withLength(byte[] frame) {
        if (frame.length > FrameEncoder.LENGTH_BYTES) {
            Unpooled.wrappedBuffer(frame).setInt(0, frame.length - FrameEncoder.LENGTH_BYTES);
        }
        return frame;
    }

    /** Two hundred and more frames of all types. */
    private static List<byte[]> recorded() {
        RandomFrames random = new RandomFrames(new SplittableRandom(42));
        Stream<Frame> randoms =
                Stream.generate(random::ofEachType).limit(RECORDED_ROUNDS).flatMap(List::stream);
        return Stream.concat(TestFrames.ofEachType().stream(), randoms)
                .map(HostileFramesTest::encoded)
                .toList();
    }

    private static byte[] encoded(Frame frame) {
        ByteBuf bytes = Unpooled.buffer();
        new FrameEncoder(LIMITS).encode(frame, bytes);
        byte[] encoded = new byte[bytes.readableBytes()];
        bytes.readBytes(encoded);
        return encoded;
    }
}
