package io.tuli.micro;

import io.tuli.Payload;
import io.tuli.log.Stored;
import io.tuli.store.SharedState;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The documents of one partition: replaced and read in an order no cache can guess. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StateBenchmark {

    private static final int SCATTER = 0x2545F491;

    /** What a partition holds: of a service of a thousand keys, and of one of a million. */
    @Param({"4", "4096"})
    private int keys;

    private final Payload value = Payload.opaque(new byte[91]);
    private final SharedState state = new SharedState();
    private String[] names = {};
    private int next;

    @Setup
    public void fill() {
        names = new String[keys];
        for (int i = 0; i < keys; i++) {
            names[i] = "key-" + i;
            state.put(names[i], new Stored(value, i, i));
        }
    }

    private String name() {
        next += SCATTER;
        return names[next & (keys - 1)];
    }

    @Benchmark
    public SharedState put() {
        state.put(name(), new Stored(value, next, next));
        return state;
    }

    @Benchmark
    public @Nullable Stored read() {
        return state.get(name());
    }
}
