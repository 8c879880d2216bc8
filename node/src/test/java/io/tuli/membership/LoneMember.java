package io.tuli.membership;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member in a process of its own, which tests may kill or pause. Ends with its parent. */
final class LoneMember implements AutoCloseable {

    private final Process process;

    private LoneMember(Process process) {
        this.process = process;
    }

    /** Starts a server of this name; returns when it has joined. */
    static LoneMember start(String mesh, String name) throws IOException {
        return start(mesh, "", name);
    }

    static LoneMember start(String mesh, String secret, String name) throws IOException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator;
        Process process =
                new ProcessBuilder(
                                java + "java",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.net.preferIPv4Stack=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LoneMember.class.getName(),
                                mesh,
                                secret,
                                name)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("joined")) {
                return new LoneMember(process);
            }
        }
        throw new IOException("the member ended before it had joined");
    }

    /** Quick to suspect, for tests that wait for it. */
    static MembershipConfig config(String mesh) {
        return MembershipConfig.of(mesh)
                .timings(
                        MembershipTimings.defaults()
                                .suspecting(
                                        Duration.ofMillis(500),
                                        Duration.ofSeconds(2),
                                        Duration.ofMillis(500)));
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Not by the JVM's leave: the process is told to stop, or to go on, by a signal. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        try (Seat seat =
                Seat.of(config(given.getFirst()), given.get(1), Members.server(given.getLast()))) {
            seat.membership().join();
            System.out.println("joined");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
