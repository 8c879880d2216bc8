package io.tuli.run;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Usage;
import io.tuli.measure.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The processes of one system under load: servers, and one client process. Used by one thread.
 *
 * <p>A server that is no child of ours - another product's - is known by its process alone.
 */
public final class Fleet implements AutoCloseable {

    /** After so many messages a process is warm, however few seconds they took. */
    public static final long WARM_MESSAGES = 20_000_000;

    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long MESSAGES_A_SECOND_LEAST = 20_000;

    private final List<ChildProcess> servers;
    private final List<Process> strangers;
    private final ChildProcess client;
    private final Holder holder;

    /** Where what was sent is to be found afterwards. */
    public enum Holder {
        /** The answers were all there was. */
        NOBODY,
        /** Each server tells what it holds. */
        SERVERS,
        /** Strangers hold it; the client reads it back from them. */
        STRANGERS
    }

    /**
     * @param strangers servers of other products
     * @param holder who must hold, after each round, what was sent in it
     */
    public Fleet(
            List<ChildProcess> servers,
            List<Process> strangers,
            ChildProcess client,
            Holder holder) {
        this.servers = List.copyOf(servers);
        this.strangers = List.copyOf(strangers);
        this.client = client;
        this.holder = holder;
    }

    /** The same with one server more; only this one is to be closed then. */
    public Fleet with(ChildProcess server) {
        List<ChildProcess> more = new ArrayList<>(servers);
        more.add(server);
        return new Fleet(more, strangers, client, holder);
    }

    /** The same, held elsewhere. */
    public Fleet heldBy(Holder other) {
        return new Fleet(servers, strangers, client, other);
    }

    public ChildProcess client() {
        return client;
    }

    public List<ChildProcess> servers() {
        return servers;
    }

    /** So many seconds, or so many messages; answers the sample of the last round. */
    public JsonNode warm(int seconds, long count, Words how) {
        Words words =
                how.with("seconds", seconds).with("messages", WARM_MESSAGES).with("count", count);
        return client.ask("warm", words, patience(count).plusSeconds(seconds));
    }

    /**
     * One round: what the client saw of it, and what it cost at both ends.
     *
     * @param sample all percentiles, for where latency is the question
     */
    public record Round(JsonNode sample, Measured figures) {}

    /** Sends so many messages, and sees to it that they have arrived. */
    public Measured measure(long count, int round, Words how) {
        Measured measured = round(count, round, how).figures();
        switch (holder) {
            case NOBODY -> {}
            case SERVERS -> servers.forEach(this::verify);
            case STRANGERS -> verify(client);
        }
        return measured;
    }

    /** Sends so many messages; that all were answered rightly is all that is looked at. */
    public Round round(long count, int round, Words how) {
        List<Long> pids = pids();
        double allocated = allocated();
        Usage before = Usage.of(pids);
        Words words = how.with("count", count).with("round", round);
        JsonNode sample = client.ask("run", words, patience(count));
        Usage used = Usage.of(pids).minus(before);
        return new Round(sample, Measured.of(sample, used, allocated() - allocated));
    }

    /** More than enough for so many messages, of the slowest system there is. */
    public static Duration patience(long count) {
        return PATIENCE.plusSeconds(count / MESSAGES_A_SECOND_LEAST);
    }

    private List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        pids.add(client.pid());
        servers.forEach(each -> pids.add(each.pid()));
        strangers.forEach(each -> pids.add(each.pid()));
        return pids;
    }

    /** Bytes, on the heaps of all servers; not a number where one of them would not say. */
    private double allocated() {
        double sum = strangers.isEmpty() ? 0 : Double.NaN;
        for (ChildProcess each : servers) {
            long bytes = each.ask("allocated", Words.none(), PATIENCE).get("bytes").asLong();
            sum += bytes < 0 ? Double.NaN : bytes;
        }
        return sum;
    }

    /** Followers may be a moment behind: each is asked until it agrees, up to a deadline. */
    private void verify(ChildProcess teller) {
        JsonNode expected = client.ask("expected", Words.none(), PATIENCE);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        JsonNode told = teller.ask("sum", Words.none(), PATIENCE);
        while (!told.equals(expected)) {
            if (System.nanoTime() > deadline) {
                throw new BenchException(
                        "a round is void: servers hold " + told + ", sent was " + expected);
            }
            told = teller.ask("sum", Words.none(), PATIENCE);
        }
    }

    @Override
    public void close() {
        client.close();
        servers.forEach(ChildProcess::close);
        strangers.forEach(Launcher::end);
    }
}
