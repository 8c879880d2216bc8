package io.tuli.load;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.measure.Arrivals;
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

    private final List<User> users = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    private long syncNanos;

    private ClientMain() {}

    /** A client member and the services it uses. */
    private record User(Mesh mesh, List<Service<byte[]>> services) {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new ClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) {
        Work work = Work.valueOf(words.text("work", "update").toUpperCase(Locale.ROOT));
        for (int i = users.size(); i < words.number("clients"); i++) {
            Mesh mesh = BenchService.mesh(words).client().name("client-" + i).join();
            users.add(new User(mesh, new ArrayList<>()));
        }
        int services = Integer.parseInt(words.text("services", "1"));
        senders.clear();
        for (User each : users) {
            use(each, services, words);
            senders.add(work.sender(each.services(), records));
        }
        return new SenderRounds(senders, words.number("window"));
    }

    private void use(User user, int services, Words words) {
        boolean hasReplica = Boolean.parseBoolean(words.text("replica", "false"));
        for (int i = user.services().size(); i < services; i++) {
            long began = System.nanoTime();
            ServiceConfig<byte[]> config = BenchService.config(words, i);
            Service<byte[]> service =
                    user.mesh().use(hasReplica ? config : config.withoutReplica());
            if (hasReplica) {
                service.awaitSync(SYNC);
            }
            syncNanos = System.nanoTime() - began;
            user.services().add(service);
        }
    }

    @Override
    public Object other(String command, Words words) throws Exception {
        return switch (command) {
            case "keys" -> keys();
            case "listen" -> listen();
            case "heard" -> heard(words.large("count"));
            case "arrivals" -> arrivals(words);
            case "probe" ->
                    new Probes(first(), words.number("probes"))
                            .run(Duration.ofMillis(words.large("millis")));
            default -> throw new IllegalArgumentException("a client does not " + command);
        };
    }

    private Object arrivals(Words words) throws Exception {
        Duration patience = Duration.ofMillis(words.large("patience"));
        return new Arrivals(senders, words.large("rate"), patience)
                .run(Duration.ofMillis(words.large("millis")), 0);
    }

    private Service<byte[]> first() {
        return users.getFirst().services().getFirst();
    }

    private Object keys() {
        return Map.of("count", first().state().size(), "syncMillis", syncNanos / 1_000_000);
    }

    /** From now on each member counts the changes it is told of. */
    private Object listen() {
        users.forEach(each -> listeners.add(new Listener(each.services().getFirst())));
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
