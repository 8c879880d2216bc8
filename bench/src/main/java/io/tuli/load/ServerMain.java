package io.tuli.load;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server of the benchmark. */
public final class ServerMain implements Child.Commands {

    private static final Duration SYNC = Duration.ofSeconds(60);

    private @Nullable Mesh mesh;
    private @Nullable Service<byte[]> service;

    private ServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ServerMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "join" -> join(words);
            case "report" -> report();
            case "sum" -> sum();
            default -> throw new IllegalArgumentException("a server does not " + command);
        };
    }

    private Object join(Words words) {
        Mesh joined = BenchService.mesh(words).name(words.text("name")).join();
        mesh = joined;
        long began = System.nanoTime();
        Service<byte[]> served = joined.serve(BenchService.config(words));
        served.awaitSync(SYNC);
        service = served;
        return Map.of("syncNanos", System.nanoTime() - began);
    }

    private Object report() {
        ServiceReport report = mesh().report(BenchService.NAME);
        return Map.of(
                "state", report.state(),
                "owned", report.owned(),
                "lag", report.lag(),
                "keys", report.keys(),
                "digest", report.digest());
    }

    /** Everything its copy holds, as a count and a sum. */
    private Object sum() {
        long[] result = new long[2];
        service()
                .state()
                .forEach(
                        (key, value) -> {
                            result[0]++;
                            result[1] += Records.entry(key, Records.check(value));
                        });
        return Map.of("count", result[0], "sum", result[1]);
    }

    private Mesh mesh() {
        return joined(mesh);
    }

    private Service<byte[]> service() {
        return joined(service);
    }

    private static <T> T joined(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a server joins first");
        }
        return part;
    }
}
