package io.tuli.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Caller;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

    private static final String REST = "0472657374";
    private static final WireLimits LIMITS = WireLimits.of(Limits.defaults());
    private static final int ROUNDS = 2_000;

    private final FrameEncoder encoder = new FrameEncoder(LIMITS);
    private final FrameDecoder decoder = new FrameDecoder(LIMITS);

    @Test
    void everyFrameComesBackEqual() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        RandomFrames frames = new RandomFrames(new SplittableRandom(seed));
        for (int round = 0; round < ROUNDS; round++) {
            for (Frame frame : frames.ofEachType()) {
                ByteBuf bytes = encoded(frame);
                assertThat(bytes.readableBytes())
                        .as("-Dtuli.seed=%d", seed)
                        .isLessThanOrEqualTo(encoder.sizeAtMost(frame));
                assertThat(decoder.next(bytes)).as("-Dtuli.seed=%d", seed).isEqualTo(frame);
                assertThat(bytes.isReadable()).isFalse();
            }
        }
    }

    @Test
    void framesFollowEachOtherInOneBuffer() {
        List<Frame> sent = new RandomFrames(new SplittableRandom(7)).ofEachType();
        ByteBuf bytes = Unpooled.buffer();
        sent.forEach(frame -> encoder.encode(frame, bytes));
        FrameEncoder.encodeKeepAlive(bytes);

        List<Frame> received = new ArrayList<>();
        for (Frame f = decoder.next(bytes); f != null; f = decoder.next(bytes)) {
            received.add(f);
        }

        assertThat(received).isEqualTo(sent);
        assertThat(bytes.isReadable()).isFalse();
    }

    @Test
    void aFrameThatIsNotThereYetIsWaitedFor() {
        ByteBuf bytes = encoded(new Frame.Item(1, 2, Payload.json("{\"a\":1}")));
        ByteBuf part = bytes.readRetainedSlice(9);

        assertThat(decoder.next(part)).isNull();
        assertThat(part.readableBytes()).isEqualTo(9);
        assertThat(decoder.missing(part)).isEqualTo(bytes.readableBytes());
    }

    @Test
    void verbsAreMadeOnce() {
        Frame.Request first = (Frame.Request) decoder.next(encoded(request("DEPART")));
        Frame.Request second = (Frame.Request) decoder.next(encoded(request("DEPART")));

        assertThat(first.verb()).isEqualTo("DEPART").isSameAs(second.verb());
    }

    @Test
    void extensionsOfALaterVersionAreSkipped() {
        Frame request = request("update");
        ByteBuf bytes = encoded(request);
        bytes.setByte(bytes.writerIndex() - 1, 3).writeBytes(new byte[] {9, 1, 77});
        bytes.setInt(0, bytes.readableBytes() - FrameEncoder.LENGTH_BYTES);

        assertThat(decoder.next(bytes)).isEqualTo(request);
    }

    /** As bytes of the block of extensions, its length among them. */
    private Frame withExtensions(String hex) {
        byte[] block = HexFormat.of().parseHex(hex);
        ByteBuf bytes = encoded(request("update"));
        bytes.writerIndex(bytes.writerIndex() - 1).writeBytes(block);
        bytes.setInt(0, bytes.readableBytes() - FrameEncoder.LENGTH_BYTES);
        return decoder.next(bytes);
    }

    @Test
    @Tag("PT-81")
    void aVersionThatIsDemandedIsAnExtension() {
        LogPosition version = new LogPosition(new Epoch(3, 7), 300);

        assertThat(withExtensions("020200")).isEqualTo(demanding(LogPosition.START));
        assertThat(withExtensions("0d020b030000000000000007ac02")).isEqualTo(demanding(version));
        assertThat(withExtensions("07" + "010177" + "0200" + "0900"))
                .as("between those of other versions")
                .isEqualTo(demanding(LogPosition.START));
    }

    private static Frame demanding(LogPosition version) {
        Frame.Request plain = (Frame.Request) request("update");
        return new Frame.Request(
                plain.service(),
                plain.partition(),
                plain.call(),
                plain.id(),
                plain.attempt(),
                plain.timeoutMillis(),
                plain.commit(),
                plain.verb(),
                plain.key(),
                plain.body(),
                plain.headers(),
                Extensions.of(version));
    }

    @Test
    @Tag("PT-95")
    void whoCallsIsAnExtensionAndRemoteWhereItHasArrived() {
        Frame.Request request =
                (Frame.Request) withExtensions("0a" + "04" + "08" + REST + "027531");
        Caller caller = request.extensions().caller();
        assertThat(caller).isNotNull();
        assertThat(caller.provider()).isEqualTo("rest");
        assertThat(caller.user()).isEqualTo("u1");
        assertThat(caller.claims()).isEmpty();
        assertThat(caller.isRemote()).as("no byte says so: the link does").isTrue();
    }

    @Test
    @Tag("PT-95")
    void theLongestCallerThatIsAllowedFitsAndRoundTripsWithAConditionAndADuration() {
        String user = "€".repeat(Caller.USER_CHARS_MOST);
        Caller given = Caller.of("rest", user, Map.of("a", "x".repeat(2_042)));
        assertThat(given.claimsBytes()).isEqualTo(Caller.CLAIMS_BYTES_MOST);
        Frame.Request request =
                ((Frame.Request) request("update"))
                        .with(
                                new Extensions(
                                        new LogPosition(new Epoch(3, 7), 300),
                                        Edit.UNTIL_MAX,
                                        given));
        ByteBuf bytes = encoded(request);
        assertThat(bytes.readableBytes()).isLessThanOrEqualTo(encoder.sizeAtMost(request));
        Frame.Request read = (Frame.Request) decoder.next(bytes);
        assertThat(read.extensions().version()).isEqualTo(request.extensions().version());
        assertThat(read.extensions().expiryMillis()).isEqualTo(Edit.UNTIL_MAX);
        assertThat(read.extensions().caller().user()).isEqualTo(user);
        assertThat(read.extensions().caller().claims()).isEqualTo(given.claims());
    }

    @ParameterizedTest
    @Tag("PT-95")
    @ValueSource(
            strings = {
                "07" + "0405" + "0472657374", // no user
                "08" + "0406" + "0472657374" + "01", // half a user
                "0b" + "0409" + "0472657374" + "027531" + "00", // claims of another form
                "0a" + "0408" + "0452455354" + "027531", // no provider is written so
                "0a" + "0408" + "046d657368" + "027531", // a member for itself
                "06" + "0404" + "00" + "027531", // no provider
                "0a" + "0407" + "0472657374" + "027531", // longer than its block
                "04" + "04020131" + "ff" // a tag that is cut off
            })
    void aCallerOfAnotherFormIsRefused(String hex) {
        assertThatThrownBy(() -> withExtensions(hex)).isInstanceOf(MalformedException.class);
    }

    @Test
    @Tag("PT-95")
    void aHeaderThatIsReservedIsOfNoFrame() {
        TreeMap<String, String> headers = new TreeMap<>(Map.of("$caller", "root"));
        Frame ask =
                new Frame.Ask(
                        1, 1, new RequestId(1, 1), 9, "COUNT", Key.NONE, Payload.NONE, headers);
        ByteBuf bytes = encoded(ask);
        assertThatThrownBy(() -> decoder.next(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("headers that begin with $ are reserved");
    }

    @Test
    void whichVersionsMayRunItIsAnExtension() {
        Frame.Request plain = (Frame.Request) request("update");

        assertThat(withExtensions("06" + "0604" + "03322e78"))
                .isEqualTo(plain.with(Extensions.NONE.servedAs("2.x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03" + "0601" + "00", // of none
                "06" + "0603" + "03322e78", // longer than its block
                "06" + "0604" + "03ff2e78", // no text
                "45"
                        + "0643"
                        + "42"
                        + "32323232323232323232323232323232323232323232323232323232"
                        + "3232323232323232323232323232323232323232323232323232323232323232"
                        + "32323232323232" // too long
            })
    void versionsOfAnotherFormAreRefused(String hex) {
        assertThatThrownBy(() -> withExtensions(hex)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01" + "02", // a tag without a length
                "02" + "0201", // a value that is not there
                "03" + "02" + "01" + "00", // half a position
                "0c" + "020a" + "00000000000000000000", // absent in another form
                "04" + "0200" + "0200", // the same twice
                "05" + "090100" + "0200", // not in order
                "02" + "0001", // no tag is 0
                "81" + "20" // longer than any
            })
    void extensionsOfAnotherFormAreRefused(String hex) {
        assertThatThrownBy(() -> withExtensions(hex)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aFrameOverTheLimitIsRefusedBeforeAnythingIsWritten() {
        Payload large = Payload.opaque(new byte[LIMITS.frameBytes()]);

        assertThatThrownBy(() -> encoder.sizeAtMost(new Frame.Item(1, 0, large)))
                .isInstanceOf(TuliException.class)
                .hasMessageStartingWith("a frame must fit its limit: type=ITEM bytes=")
                .extracting("failure")
                .isEqualTo(Failure.TOO_LARGE);
    }

    @Test
    void aReplicationFrameMayBeLarger() {
        Payload large = Payload.opaque(new byte[LIMITS.frameBytes()]);
        Frame part = TestFrames.snapshotPart(large);

        ByteBuf bytes = encoded(part);

        assertThat(bytes.readableBytes()).isGreaterThan(LIMITS.frameBytes());
        assertThat(decoder.next(bytes)).isEqualTo(part);
    }

    @Test
    void halfASurrogatePairIsRefusedAtTheSender() {
        for (String text : List.of("\ud83e", "a\udd8a", "\ud83e\ud83e\udd8a")) {
            assertThatThrownBy(() -> encoder.sizeAtMost(request(text)))
                    .isInstanceOf(TuliException.class)
                    .extracting("failure")
                    .isEqualTo(Failure.BAD_REQUEST);
        }
    }

    @Test
    void aFrameThatCannotBeWrittenLeavesTheBufferAsItWas() {
        ByteBuf bytes = encoded(new Frame.Cancel(3));
        int before = bytes.writerIndex();

        assertThatThrownBy(() -> encoder.encode(new Frame.Credit(1, -1), bytes))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(bytes.writerIndex()).isEqualTo(before);
    }

    @Test
    void aSmallReplyIsSmall() {
        LogPosition at = new LogPosition(new Epoch(3, -1), 1_000_000);
        Frame reply = new Frame.Result(7, Outcome.OK, null, "", at, 2, false, Payload.json("true"));

        assertThat(encoded(reply).readableBytes()).isLessThanOrEqualTo(28);
    }

    @Test
    void encodingAllocatesNothing() {
        Set<FrameType> withHeadersOrDocuments = Set.of(FrameType.ASK, FrameType.SNAPSHOT_PART);
        List<Frame> frames =
                TestFrames.ofEachType().stream()
                        .filter(frame -> !withHeadersOrDocuments.contains(FrameType.of(frame)))
                        .toList();
        ByteBuf bytes = Unpooled.buffer(64 * 1024);
        encodeAll(frames, bytes, 20_000);
        long before = allocatedBytes();

        encodeAll(frames, bytes, 1_000);

        assertThat((allocatedBytes() - before) / (1_000L * frames.size())).isZero();
    }

    private void encodeAll(List<Frame> frames, ByteBuf bytes, int times) {
        for (int i = 0; i < times; i++) {
            bytes.clear();
            for (int j = 0; j < frames.size(); j++) {
                encoder.sizeAtMost(frames.get(j));
                encoder.encode(frames.get(j), bytes);
            }
        }
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private ByteBuf encoded(Frame frame) {
        ByteBuf bytes = Unpooled.buffer(encoder.sizeAtMost(frame));
        encoder.encode(frame, bytes);
        return bytes;
    }

    private static Frame request(String verb) {
        return TestFrames.request(verb, Key.parse("u42.name"), Payload.json("\"Ada\""));
    }
}
