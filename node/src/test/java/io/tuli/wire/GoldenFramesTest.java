package io.tuli.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Limits;
import io.tuli.protocol.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bytes of wire version 2. When this fails the format has changed: that needs a new wire
 * version, not a new file.
 */
class GoldenFramesTest {
    private static final WireLimits LIMITS = WireLimits.of(Limits.defaults());

    @Test
    void everyTypeHasItsFrame() {
        assertThat(TestFrames.ofEachType())
                .extracting(FrameType::of)
                .doesNotHaveDuplicates()
                .hasSize(FrameType.values().length - 1);
    }

    @Test
    void framesHaveTheBytesTheyAlwaysHad() throws IOException {
        List<String> written = TestFrames.golden().stream().map(this::line).toList();

        assertThat(written).isEqualTo(goldenLines());
    }

    @Test
    void bytesHaveTheMeaningTheyAlwaysHad() throws IOException {
        FrameDecoder decoder = new FrameDecoder(LIMITS);

        List<Frame> read =
                goldenLines().stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .map(hex -> Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)))
                        .map(decoder::next)
                        .toList();

        assertThat(read).isEqualTo(TestFrames.golden());
    }

    private String line(Frame frame) {
        ByteBuf bytes = Unpooled.buffer();
        new FrameEncoder(LIMITS).encode(frame, bytes);
        byte[] written = new byte[bytes.readableBytes()];
        bytes.readBytes(written);
        return FrameType.of(frame) + " " + HexFormat.of().formatHex(written);
    }

    private static List<String> goldenLines() throws IOException {
        try (InputStream in = GoldenFramesTest.class.getResourceAsStream("frames-v2.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
