package io.tuli.compare;

import io.tuli.load.RedisClientMain;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.BenchException;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.RawFleet;
import io.tuli.run.TuliFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All systems that can be compared, and how each is started. */
final class Contenders {

    static final String REPLY = "Tuli reply";
    static final String REPLY_BY_UNIX = "Tuli reply, Unix socket";
    static final String UPDATE = "Tuli update";
    static final String COPIES = "Tuli update, copies";

    private final PeerHome home = new PeerHome();

    private Contenders() {}

    /** Tuli's works, then the peers named. */
    static List<Contender> of(String names) {
        Contenders catalogue = new Contenders();
        JavaPeers java = new JavaPeers(catalogue.home);
        Map<String, List<Contender>> known =
                Map.of(
                        "raw", List.of(raw()),
                        "unix", List.of(replyByUnix(), rawByUnix()),
                        "tls", List.of(overTls("reply", REPLY), overTls("update", UPDATE)),
                        "fero", List.of(catalogue.fero()),
                        "redis", List.of(catalogue.redis()),
                        "nats", List.of(java.natsRequest(), java.natsPublish()),
                        "kafka", List.of(java.kafka()),
                        "jeromq", List.of(java.jeroMq()),
                        "hazelcast", List.of(java.hazelcast()));
        List<Contender> wanted = new ArrayList<>(tuli());
        for (String name : names.split(",")) {
            List<Contender> peers = known.get(name.trim());
            if (peers == null) {
                List<String> all = known.keySet().stream().sorted().toList();
                throw BenchException.usage(
                        "there is no peer " + name + "; there are " + String.join(",", all));
            }
            wanted.addAll(peers);
        }
        return wanted;
    }

    private static List<Contender> tuli() {
        return List.of(
                new Contender(
                        REPLY,
                        "",
                        "its handler's answer is here, and is its own (A3)",
                        "the owner remembers each request, so that a repeat is not executed",
                        "",
                        launcher -> new TuliFleet(launcher).start("reply")),
                new Contender(
                        UPDATE,
                        "",
                        "appended and applied at its owner (A3)",
                        "kept in order, in a changelog, with its identity",
                        "",
                        launcher -> new TuliFleet(launcher).start("update")));
    }

    private static Contender raw() {
        return new Contender(
                "plain sockets",
                REPLY,
                "counted by the server",
                "the floor: no future, no state, no identity; 12-byte replies",
                "",
                RawFleet::start);
    }

    /** As members of one machine and user meet where nobody says otherwise. */
    private static Contender replyByUnix() {
        return new Contender(
                REPLY_BY_UNIX,
                "",
                "its handler's answer is here, and is its own (A3)",
                "what Tuli chooses by itself on one machine",
                "",
                launcher -> new TuliFleet(byUnix(launcher)).start("reply"));
    }

    private static Contender rawByUnix() {
        return new Contender(
                "plain Unix sockets",
                REPLY_BY_UNIX,
                "counted by the server",
                "the floor of a Unix-domain socket",
                "",
                launcher -> RawFleet.start(byUnix(launcher)));
    }

    /** Encrypted, as members of a mesh with a secret meet. */
    private static Contender overTls(String benchmark, String inClear) {
        return new Contender(
                inClear + ", TLS",
                inClear,
                "as in clear",
                "TLS 1.3, AES-128-GCM, between two processes that proved a secret",
                "",
                launcher ->
                        new TuliFleet(launcher.with(launcher.options().with("link", "tls")))
                                .start(benchmark));
    }

    private static Launcher byUnix(Launcher launcher) {
        return launcher.with(launcher.options().with("link", "unix"));
    }

    /** Its own test of speed, with its own messages and handler. */
    private Contender fero() {
        return new Contender(
                "Fero 1.7 reply",
                REPLY,
                "its handler's answer is here (A3)",
                "messages encoded before the clock starts, no state touched; all are sent at once,"
                        + " so there are no latencies",
                PeerHome.missing(home.fero()),
                launcher -> {
                    Words words = PeerHome.words(launcher.options(), PeerHome.freePort());
                    ChildProcess server = launcher.server("fero-server", node("fero-server.js"));
                    server.ask("join", words, Fleet.PATIENCE);
                    ChildProcess client = launcher.client("fero-client", node("fero-client.js"));
                    client.ask("join", words, Fleet.PATIENCE);
                    return new Fleet(List.of(server), List.of(), client, Fleet.Holder.NOBODY);
                });
    }

    private List<String> node(String script) {
        return List.of("node", home.script(script).toString(), home.fero().toString());
    }

    private Contender redis() {
        return new Contender(
                "Redis SET",
                UPDATE,
                "applied (A3)",
                "one connection, pipelined by a client of ours; nothing is logged or kept in order",
                PeerHome.missing(home.program("redis-server")),
                launcher -> redis(launcher, 0));
    }

    private Contender redisWait() {
        return new Contender(
                "Redis SET, WAIT 1",
                COPIES + "(2)",
                "one of two replicas has it too (A4)",
                "WAIT after each quarter of the window; what was not waited for can be lost",
                PeerHome.missing(home.program("redis-server")),
                launcher -> redis(launcher, 2));
    }

    private Fleet redis(Launcher launcher, int replicas) {
        Options options = launcher.options();
        int port = PeerHome.freePort();
        List<Process> servers = new ArrayList<>();
        servers.add(redisServer(port, launcher, List.of()));
        for (int i = 0; i < replicas; i++) {
            List<String> of = List.of("--replicaof", "127.0.0.1 " + port);
            servers.add(redisServer(PeerHome.freePort(), launcher, of));
        }
        ChildProcess client =
                launcher.client("redis-client", TuliFleet.ours(RedisClientMain.class, options));
        Words words = PeerHome.words(options, port).with("copies", replicas == 0 ? 1 : 2);
        client.ask("join", words, Fleet.PATIENCE);
        return new Fleet(List.of(), servers, client, Fleet.Holder.STRANGERS);
    }

    private Process redisServer(int port, Launcher launcher, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(home.program("redis-server").toString());
        command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1"));
        command.addAll(List.of("--save", "", "--appendonly", "no"));
        command.addAll(
                List.of("--repl-diskless-sync-delay", "0", "--dir", launcher.logs().toString()));
        command.addAll(more);
        return home.stranger(command, port, launcher);
    }

    /** Three servers each; told when enough of them have it. */
    static List<Contender> replicated() {
        Contenders catalogue = new Contenders();
        JavaPeers java = new JavaPeers(catalogue.home);
        return List.of(copies(2), copies(3), catalogue.redisWait(), java.kafkaReplicated());
    }

    private static Contender copies(int copies) {
        return new Contender(
                COPIES + "(" + copies + ")",
                "",
                "appended on " + copies + " of 3 servers (A4)",
                "survives the loss of any " + (copies - 1),
                "",
                launcher -> {
                    Options three = launcher.options().with("servers", 3).with("copies", copies);
                    return new TuliFleet(launcher.with(three)).start("update");
                });
    }
}
