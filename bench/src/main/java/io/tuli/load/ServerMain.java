package io.tuli.load;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of the benchmark. */
public final class ServerMain implements Child.Commands {

    private static final Duration SYNC = Duration.ofSeconds(60);

    private final List<Service<byte[]>> services = new ArrayList<>();
    private @Nullable Mesh mesh;

    private ServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ServerMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "join" -> join(words);
            case "serve" -> serve(mesh(), words);
            case "first" -> first();
            case "report" -> report();
            case "sum" -> sum();
            default -> throw new IllegalArgumentException("a server does not " + command);
        };
    }

    private Object join(Words words) {
        long began = System.nanoTime();
        Mesh joined = BenchService.mesh(words).name(words.text("name")).join();
        mesh = joined;
        joined.closed().whenComplete((gone, broken) -> endIfBroken(broken));
        long joinNanos = System.nanoTime() - began;
        serve(joined, words);
        return Map.of("joinNanos", joinNanos, "inSyncNanos", System.nanoTime() - began);
    }

    /** The member is this process. */
    private static void endIfBroken(@Nullable Throwable broken) {
        if (broken != null) {
            System.err.println("this server ends: " + broken);
            Runtime.getRuntime().halt(1);
        }
    }

    /** As many services as the words say; those that are served already stay. */
    private Object serve(Mesh joined, Words words) {
        for (int i = services.size(); i < Integer.parseInt(words.text("services", "1")); i++) {
            Service<byte[]> served = joined.serve(BenchService.config(words, i));
            served.awaitSync(SYNC);
            services.add(served);
        }
        return Map.of("services", services.size());
    }

    /** Reads a key that is not there, at its owner: the first answer there is. */
    private Object first() throws Exception {
        long began = System.nanoTime();
        services.getFirst()
                .read("nobody", byte[].class)
                .reply()
                .get(SYNC.toSeconds(), TimeUnit.SECONDS);
        return Map.of("nanos", System.nanoTime() - began);
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

    /** Everything its copies hold, as a count and a sum. */
    private Object sum() {
        long[] result = new long[2];
        for (Service<byte[]> each : services) {
            each.state()
                    .forEach(
                            (key, value) -> {
                                result[0]++;
                                result[1] += Records.entry(key, Records.check(value));
                            });
        }
        return Map.of("count", result[0], "sum", result[1]);
    }

    private Mesh mesh() {
        Mesh joined = mesh;
        if (joined == null) {
            throw new IllegalStateException("a server joins first");
        }
        return joined;
    }
}
