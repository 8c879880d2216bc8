package io.tuli.node;

import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A durable server with a consumer, in a process of its own, which tests kill. Says what it has
 * acknowledged. Ends with its parent.
 */
final class ConsumerProcess implements AutoCloseable {

    static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).partitions(16).durable();
    static final String NAME = "mailer";

    /** Deaths are noticed soon. */
    static final Map<String, String> SETTINGS =
            Map.of(
                    "membership.heartbeat", "250ms",
                    "membership.silence", "1s",
                    "membership.verify", "250ms",
                    "restart.wait", "200ms");

    private static final String ACKNOWLEDGED = "acknowledged ";
    private static final String READY = "ready";

    private final Process process;

    private ConsumerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it; returns when its replica is in sync.
     *
     * @param acknowledged called for each number that it has acknowledged
     */
    static ConsumerProcess start(String mesh, Path data, Consumer<Integer> acknowledged)
            throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator;
        Process process =
                new ProcessBuilder(
                                java + "java",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.net.preferIPv4Stack=true",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ConsumerProcess.class.getName(),
                                mesh,
                                data.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        CountDownLatch ready = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(
                        () ->
                                out.lines()
                                        .forEach(
                                                line -> {
                                                    if (line.equals(READY)) {
                                                        ready.countDown();
                                                    } else if (line.startsWith(ACKNOWLEDGED)) {
                                                        acknowledged.accept(number(line));
                                                    }
                                                }));
        if (!ready.await(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the process ended, or was not in sync within a minute");
        }
        return new ConsumerProcess(process);
    }

    private static Integer number(String line) {
        return Integer.valueOf(line.substring(ACKNOWLEDGED.length()));
    }

    /** With -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) {
        try (Mesh mesh =
                Tuli.mesh(arguments[0]).data(Path.of(arguments[1])).settings(SETTINGS).join()) {
            Service<Integer> numbers = mesh.serve(NUMBERS);
            numbers.feed().from(Position.start()).consumer(NAME).each(ConsumerProcess::consume);
            TestMeshes.synced(numbers);
            System.out.println(READY);
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void consume(Feed.Delivery delivery) {
        int number = Objects.requireNonNull(delivery.change().value(Integer.class));
        if (number % 10 == 9) {
            delivery.reject("nine");
        } else if (delivery.ack()) {
            System.out.println(ACKNOWLEDGED + number);
        }
    }
}
