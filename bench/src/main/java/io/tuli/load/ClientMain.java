package io.tuli.load;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sender;
import io.tuli.measure.SenderRounds;
import io.tuli.measure.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The client process: one or more client members, each with a thread. */
public final class ClientMain implements ClientChild.Connector {

    private static final Duration SYNC = Duration.ofMinutes(1);

    private final List<Service<byte[]>> services = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    private long syncNanos;

    private ClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new ClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) {
        Work work = Work.valueOf(words.text("work", "update").toUpperCase(Locale.ROOT));
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < words.number("clients"); i++) {
            Mesh mesh = BenchService.mesh(words).client().name("client-" + i).join();
            long began = System.nanoTime();
            ServiceConfig<byte[]> config = BenchService.config(words);
            boolean hasReplica = Boolean.parseBoolean(words.text("replica", "false"));
            Service<byte[]> service = mesh.use(hasReplica ? config : config.withoutReplica());
            if (hasReplica) {
                service.awaitSync(SYNC);
            }
            syncNanos = System.nanoTime() - began;
            services.add(service);
            senders.add(work.sender(service, records));
        }
        return new SenderRounds(senders, words.number("window"));
    }

    @Override
    public Object other(String command, Words words) throws Exception {
        return switch (command) {
            case "keys" -> keys();
            case "listen" -> listen();
            case "heard" -> heard(words.large("count"));
            case "probe" ->
                    new Probes(services.getFirst(), words.number("probes"))
                            .run(Duration.ofMillis(words.large("millis")));
            default -> throw new IllegalArgumentException("a client does not " + command);
        };
    }

    private Object keys() {
        int count = services.getFirst().state().size();
        return Map.of("count", count, "syncMillis", syncNanos / 1_000_000);
    }

    /** From now on each member counts the changes it is told of. */
    private Object listen() {
        services.forEach(service -> listeners.add(new Listener(service)));
        return Map.of("listeners", listeners.size());
    }

    /** Waits until each has heard so many changes in all. */
    private Object heard(long count) {
        for (Listener each : listeners) {
            each.await(count, SYNC);
        }
        return Map.of("listeners", listeners.size());
    }
}
