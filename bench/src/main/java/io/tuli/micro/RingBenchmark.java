package io.tuli.micro;

import io.tuli.MemberId;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Who owns a partition, asked for each message; and a new ring, made when a server comes or goes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {

    private static final int PARTITIONS = 256;

    private final List<MemberId> servers = servers(5);
    private final Ring ring = Ring.of(PARTITIONS, servers, List.of());
    private int next;

    private static List<MemberId> servers(int count) {
        List<MemberId> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(new MemberId(i * 0x9E3779B97F4A7C15L, i));
        }
        return servers;
    }

    @Benchmark
    public @Nullable MemberId ownerOf() {
        next = (next + 1) & (PARTITIONS - 1);
        return ring.ownerOf(next);
    }

    @Benchmark
    public Ring assign() {
        return Ring.of(PARTITIONS, servers, List.of());
    }
}
