package io.tuli.load;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.measure.Child;
import io.tuli.measure.Pipeline;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client process of the benchmark: one or more client members, each with a thread. */
public final class ClientMain implements Child.Commands {

    private static final Duration SYNC = Duration.ofSeconds(60);

    private final List<Service<byte[]>> services = new ArrayList<>();
    private @Nullable Records records;
    private @Nullable Pipeline pipeline;

    private ClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "join" -> join(words);
            case "warm" -> warm(words);
            case "run" -> pipeline().run(words.large("count"), words.large("round"));
            case "expected" -> expected(words);
            default -> throw new IllegalArgumentException("a client does not " + command);
        };
    }

    private Object join(Words words) {
        Work work = Work.valueOf(words.text("work").toUpperCase(Locale.ROOT));
        Records made = new Records(words.number("keys"), words.number("size"));
        List<Pipeline.Sender> senders = new ArrayList<>();
        for (int i = 0; i < words.number("clients"); i++) {
            Mesh mesh = Tuli.mesh(words.text("mesh")).client().name("client-" + i).join();
            ServiceConfig<byte[]> config = BenchService.config(words);
            boolean hasReplica = Boolean.parseBoolean(words.text("replica", "false"));
            Service<byte[]> service = mesh.use(hasReplica ? config : config.withoutReplica());
            if (hasReplica) {
                service.awaitSync(SYNC);
            }
            services.add(service);
            senders.add(work.sender(service, made));
        }
        records = made;
        pipeline = new Pipeline(senders, words.number("window"));
        return Map.of("clients", services.size());
    }

    /** Runs for so many seconds or so many messages, whichever comes first. */
    private Object warm(Words words) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(words.large("seconds")).toNanos();
        long sent = 0;
        long round = -1;
        long began = System.nanoTime();
        while (sent < words.large("messages") && System.nanoTime() < end) {
            pipeline().run(words.large("count"), round--);
            sent += words.large("count");
        }
        return Map.of("sent", sent, "nanos", System.nanoTime() - began);
    }

    private Object expected(Words words) {
        Records known = records();
        return Map.of("count", known.count(), "sum", known.sum(words.large("round")));
    }

    private Pipeline pipeline() {
        return joined(pipeline);
    }

    private Records records() {
        return joined(records);
    }

    private static <T> T joined(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a client joins first");
        }
        return part;
    }
}
