package io.tuli.compare;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
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
                launcher -> nats("request", launcher));
    }

    Contender natsPublish() {
        return new Contender(
                "NATS publish",
                Contenders.REPLY,
                "the subscriber has counted it; it answers once in 256",
                "one way, at most once; no message is answered, so there are no latencies",
                natsMissing(),
                launcher -> nats("publish", launcher));
    }

    private String natsMissing() {
        String program = PeerHome.missing(home.program("nats-server"));
        return program.isEmpty() ? missing : program;
    }

    private Fleet nats(String work, Launcher launcher) {
        Options options = launcher.options();
        int port = PeerHome.freePort();
        String program = home.program("nats-server").toString();
        List<String> command = List.of(program, "-a", "127.0.0.1", "-p", "" + port);
        Process broker = home.stranger(command, port, launcher);
        Words words = PeerHome.words(options, port).with("work", work);
        if (work.equals("request")) {
            words = words.with("window", Math.min(REQUESTS_MAX, options.number("window")));
        }
        return started("Nats", List.of(broker), words, launcher);
    }

    Contender jeroMq() {
        return new Contender(
                "JeroMQ echo",
                Contenders.REPLY,
                "pushed back by the far side",
                "no correlation, no state: two pipes",
                missing,
                launcher -> {
                    Words words = PeerHome.words(launcher.options(), PeerHome.freePort());
                    Words both = words.with("back", PeerHome.freePort());
                    return started("JeroMq", List.of(), both, launcher);
                });
    }

    Contender hazelcast() {
        return new Contender(
                "Hazelcast set",
                Contenders.UPDATE,
                "applied (A3)",
                "64 blocking threads, defaults, no backups",
                missing,
                launcher -> {
                    Words words = PeerHome.words(launcher.options(), PeerHome.freePort());
                    return started("Hazelcast", List.of(), words, launcher)
                            .heldBy(Fleet.Holder.SERVERS);
                });
    }

    Contender kafka() {
        return new Contender(
                "Kafka produce",
                Contenders.UPDATE,
                "in the page cache of one broker (acks=1)",
                "linger 5 ms, one partition; nothing is applied",
                missing,
                launcher -> kafka(launcher, 1));
    }

    Contender kafkaReplicated() {
        return new Contender(
                "Kafka produce, RF 3",
                Contenders.COPIES + "(2)",
                "in the page cache of all three brokers (acks=all)",
                "linger 5 ms, one partition; nothing is applied",
                missing,
                launcher -> kafka(launcher, 3));
    }

    private Fleet kafka(Launcher launcher, int nodes) {
        KafkaNodes cluster = new KafkaNodes(home, nodes, launcher);
        List<Process> brokers = cluster.start();
        Words words = PeerHome.words(launcher.options(), cluster.port()).with("copies", nodes);
        ChildProcess client = client("KafkaClientMain", words, launcher);
        return new Fleet(List.of(), brokers, client, Fleet.Holder.NOBODY);
    }

    /** A server and a client of the same product, both children. */
    private Fleet started(String product, List<Process> brokers, Words words, Launcher launcher) {
        String main = product + "ServerMain";
        ChildProcess server = launcher.server(main, home.java(main, launcher.options()));
        server.ask("join", words, Fleet.PATIENCE);
        ChildProcess client = client(product + "ClientMain", words, launcher);
        return new Fleet(List.of(server), brokers, client, Fleet.Holder.NOBODY);
    }

    private ChildProcess client(String main, Words words, Launcher launcher) {
        ChildProcess client = launcher.client(main, home.java(main, launcher.options()));
        client.ask("join", words, Fleet.PATIENCE);
        return client;
    }
}
