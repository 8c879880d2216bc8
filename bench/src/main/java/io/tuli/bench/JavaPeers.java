package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import java.nio.file.Path;
import java.util.List;

/** The peers that are driven by a Java client of their makers. */
final class JavaPeers {

    /** Beyond this NATS' requests wait in its client, and each takes longer. */
    private static final int REQUESTS_MAX = 1024;

    private final PeerHome home;
    private final String missing;

    JavaPeers(PeerHome home) {
        this.home = home;
        missing = PeerHome.missing(home.clients());
    }

    Contender natsRequest() {
        return new Contender(
                "NATS request",
                Contenders.REPLY,
                "the responder's answer is here (A3)",
                "through a broker; at most 1,024 in flight",
                natsMissing(),
                (options, logs) -> nats("request", options, logs));
    }

    Contender natsPublish() {
        return new Contender(
                "NATS publish",
                Contenders.REPLY,
                "the subscriber has counted it; it answers once in 256",
                "one way, at most once; no message is answered, so there are no latencies",
                natsMissing(),
                (options, logs) -> nats("publish", options, logs));
    }

    private String natsMissing() {
        String program = PeerHome.missing(home.program("nats-server"));
        return program.isEmpty() ? missing : program;
    }

    private Fleet nats(String work, Options options, Path logs) {
        int port = PeerHome.freePort();
        String program = home.program("nats-server").toString();
        List<String> command = List.of(program, "-a", "127.0.0.1", "-p", "" + port);
        Process broker = home.stranger(command, port, logs);
        Words words = PeerHome.words(options, port).with("work", work);
        if (work.equals("request")) {
            words = words.with("window", Math.min(REQUESTS_MAX, options.number("window")));
        }
        return started("Nats", List.of(broker), words, options, logs);
    }

    Contender jeroMq() {
        return new Contender(
                "JeroMQ echo",
                Contenders.REPLY,
                "pushed back by the far side",
                "no correlation, no state: two pipes",
                missing,
                (options, logs) -> {
                    Words words = PeerHome.words(options, PeerHome.freePort());
                    Words both = words.with("back", PeerHome.freePort());
                    return started("JeroMq", List.of(), both, options, logs);
                });
    }

    Contender hazelcast() {
        return new Contender(
                "Hazelcast set",
                Contenders.UPDATE,
                "applied (A3)",
                "64 blocking threads, defaults, no backups",
                missing,
                (options, logs) -> {
                    Words words = PeerHome.words(options, PeerHome.freePort());
                    ChildProcess server = joined("HazelcastServerMain", words, options, logs);
                    ChildProcess client = joined("HazelcastClientMain", words, options, logs);
                    return new Fleet(List.of(server), List.of(), client, Fleet.Holder.SERVERS);
                });
    }

    Contender kafka() {
        return new Contender(
                "Kafka produce",
                Contenders.UPDATE,
                "in the page cache of one broker (acks=1)",
                "linger 5 ms, one partition; nothing is applied",
                missing,
                (options, logs) -> kafka(options, logs, 1));
    }

    Contender kafkaReplicated() {
        return new Contender(
                "Kafka produce, RF 3",
                Contenders.COPIES + "(2)",
                "in the page cache of all three brokers (acks=all)",
                "linger 5 ms, one partition; nothing is applied",
                missing,
                (options, logs) -> kafka(options, logs, 3));
    }

    private Fleet kafka(Options options, Path logs, int nodes) {
        KafkaNodes cluster = new KafkaNodes(home, nodes, options, logs);
        List<Process> brokers = cluster.start();
        Words words = PeerHome.words(options, cluster.port()).with("copies", nodes);
        ChildProcess client = joined("KafkaClientMain", words, options, logs);
        return new Fleet(List.of(), brokers, client, Fleet.Holder.NOBODY);
    }

    /** A server and a client of the same product, both children. */
    private Fleet started(
            String product, List<Process> brokers, Words words, Options options, Path logs) {
        ChildProcess server = joined(product + "ServerMain", words, options, logs);
        ChildProcess client = joined(product + "ClientMain", words, options, logs);
        return new Fleet(List.of(server), brokers, client, Fleet.Holder.NOBODY);
    }

    private ChildProcess joined(String main, Words words, Options options, Path logs) {
        ChildProcess child = home.child(main, options, logs);
        child.ask("join", words, Fleet.PATIENCE);
        return child;
    }
}
