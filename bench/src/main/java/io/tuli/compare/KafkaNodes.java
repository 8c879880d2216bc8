package io.tuli.compare;

import io.tuli.measure.ChildProcess;
import io.tuli.run.BenchException;
import io.tuli.run.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Brokers of Kafka, each its own controller too, with nothing on their disks yet. */
final class KafkaNodes {

    private static final String CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ";

    private static final int FORMAT_SECONDS_MAX = 60;

    private final PeerHome home;
    private final Launcher launcher;
    private final Path logs;
    private final String name = "kafka-" + UUID.randomUUID();
    private final List<Integer> ports;
    private final List<Integer> controllers;

    KafkaNodes(PeerHome home, int nodes, Launcher launcher) {
        this.home = home;
        this.launcher = launcher;
        this.logs = launcher.logs();
        ports = IntStream.range(0, nodes).mapToObj(i -> PeerHome.freePort()).toList();
        controllers = IntStream.range(0, nodes).mapToObj(i -> PeerHome.freePort()).toList();
    }

    /** Where a client finds the first. */
    int port() {
        return ports.getFirst();
    }

    /** A broker listens only when most of the controllers are there: all are started first. */
    List<Process> start() {
        List<Process> brokers = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Path file = logs.resolve(name + "-" + i + ".properties");
            try {
                Files.write(file, properties(i));
                format(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<String> command =
                    new ArrayList<>(
                            ChildProcess.jvm(
                                    "kafka.Kafka", home.libraries(), launcher.options().flags()));
            command.add(file.toString());
            brokers.add(home.begin(command, ports.get(i), launcher));
        }
        for (int i = 0; i < ports.size(); i++) {
            PeerHome.awaitListening(brokers.get(i), ports.get(i));
        }
        return brokers;
    }

    private List<String> properties(int i) {
        String voters =
                IntStream.range(0, ports.size())
                        .mapToObj(each -> each + 1 + "@127.0.0.1:" + controllers.get(each))
                        .collect(Collectors.joining(","));
        String listeners =
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(ports.get(i), controllers.get(i));
        return List.of(
                "process.roles=broker,controller",
                "node.id=" + (i + 1),
                "controller.quorum.voters=" + voters,
                "listeners=" + listeners,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "offsets.topic.replication.factor=1",
                "min.insync.replicas=" + Math.min(2, ports.size()),
                "log.retention.bytes=268435456",
                "log.segment.bytes=67108864",
                "log.dirs=" + logs.resolve(name + "-" + i));
    }

    private void format(Path file) throws IOException {
        List<String> command =
                new ArrayList<>(
                        ChildProcess.jvm("kafka.tools.StorageTool", home.libraries(), List.of()));
        command.addAll(List.of("format", "-t", CLUSTER, "-c", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(logs.resolve("kafka-format.log").toFile());
        Process formatting = launcher.stranger(builder);
        try {
            boolean hasEnded = formatting.waitFor(FORMAT_SECONDS_MAX, TimeUnit.SECONDS);
            if (!hasEnded || formatting.exitValue() != 0) {
                throw new BenchException("Kafka's directory cannot be formatted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        }
    }
}
