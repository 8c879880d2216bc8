package io.tuli.micro;

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
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A request and its result, as bytes and back: what each costs a loop twice a message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {

    private final WireLimits limits = WireLimits.of(Limits.defaults());
    private final FrameEncoder encoder = new FrameEncoder(limits);
    private final FrameDecoder decoder = new FrameDecoder(limits);
    private final Frame request =
            new Frame.Request(
                    0x5e551045,
                    7,
                    9,
                    new RequestId(0x0a0b0c0d, 128),
                    0,
                    20_000,
                    Commit.owner(),
                    "update",
                    Key.of("k0012a"),
                    Payload.opaque(new byte[91]),
                    new TreeMap<>());
    private final Frame result =
            new Frame.Result(
                    9,
                    Outcome.OK,
                    null,
                    "",
                    new LogPosition(new Epoch(3, 0x1122334455667788L), 300),
                    1,
                    true,
                    Payload.NONE);
    private final ByteBuf out = Unpooled.buffer(4096);
    private final ByteBuf encodedRequest = encoded(request);
    private final ByteBuf encodedResult = encoded(result);

    private ByteBuf encoded(Frame frame) {
        ByteBuf buffer = Unpooled.buffer(4096);
        encoder.encode(frame, buffer);
        return buffer;
    }

    @Benchmark
    public ByteBuf encodeRequest() {
        out.clear();
        encoder.encode(request, out);
        return out;
    }

    @Benchmark
    public ByteBuf encodeResult() {
        out.clear();
        encoder.encode(result, out);
        return out;
    }

    @Benchmark
    public @Nullable Frame decodeRequest() {
        encodedRequest.readerIndex(0);
        return decoder.next(encodedRequest);
    }

    @Benchmark
    public @Nullable Frame decodeResult() {
        encodedResult.readerIndex(0);
        return decoder.next(encodedResult);
    }
}
