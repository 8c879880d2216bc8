package io.tuli.micro;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One entry through a partition's changelog: made, appended, and let go in the end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChangelogBenchmark {

    private static final long KEPT_BYTES = 1024 * 1024;
    private static final int TRIMMED_EVERY = 1024;

    private final Epoch epoch = new Epoch(3, 0x1122334455667788L);
    private final List<Edit> edits =
            List.of(Edit.update(Key.of("k0012a"), Payload.opaque(new byte[91])));
    private final Changelog changelog = new Changelog();

    @Benchmark
    public Changelog append() {
        long end = changelog.endOffset();
        RequestId id = new RequestId(0x0a0b0c0d, end);
        changelog.append(new Entry(epoch, end, end, id, edits, Payload.NONE, List.of()));
        if (end % TRIMMED_EVERY == 0) {
            changelog.trim(end, KEPT_BYTES);
        }
        return changelog;
    }
}
