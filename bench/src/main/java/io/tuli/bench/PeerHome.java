package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where other products are found, as {@code bench/install-peers.sh} leaves them. */
final class PeerHome {

    private static final long START_SECONDS_MAX = 60;

    /** Set by the launcher: the directory {@code bench} of the repository. */
    private static final String PROPERTY = "bench.home";

    private final Path bench;

    PeerHome() {
        bench = Path.of(System.getProperty(PROPERTY, "bench")).toAbsolutePath();
    }

    private Path installed() {
        return bench.resolve("peers/target");
    }

    /** A program from a Debian package: installed, or unpacked by our script. */
    Path program(String name) {
        Path unpacked = installed().resolve("debian/usr");
        for (Path directory :
                List.of(
                        unpacked.resolve("bin"),
                        unpacked.resolve("sbin"),
                        Path.of("/usr/bin"),
                        Path.of("/usr/sbin"))) {
            if (Files.isExecutable(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        return installed().resolve(name);
    }

    Path fero() {
        return installed().resolve("node_modules/fero");
    }

    Path script(String name) {
        return bench.resolve("peers").resolve(name);
    }

    /** Why a file's system cannot be run; empty where it can. */
    static String missing(Path file) {
        return Files.exists(file) ? "" : "not installed; see bench/install-peers.sh";
    }

    /** The programs that speak to products by their Java clients. */
    Path clients() {
        return installed().resolve("lib");
    }

    /** What Kafka's own programs need. */
    String libraries() {
        return clients().resolve("*").toString();
    }

    /** Our classes first, then the products' libraries. */
    String classPath() {
        return String.join(
                File.pathSeparator,
                System.getProperty("java.class.path"),
                installed().resolve("tuli-peers.jar").toString(),
                clients().resolve("*").toString());
    }

    ChildProcess child(String main, Options options, Path logs) {
        List<String> command =
                ChildProcess.jvm("io.tuli.peers." + main, classPath(), options.flags());
        return ChildProcess.start(main, command, logs);
    }

    /** Starts a program that is no child, and waits until it listens. */
    Process stranger(List<String> command, int port, Path logs) {
        Process process = begin(command, port, logs);
        awaitListening(process, port);
        return process;
    }

    /** Starts a program that is no child. */
    Process begin(List<String> command, int port, Path logs) {
        ProcessBuilder builder = new ProcessBuilder(command);
        String name = Path.of(command.getFirst()).getFileName() + "-" + port;
        builder.redirectErrorStream(true);
        builder.redirectOutput(logs.resolve(name + ".log").toFile());
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        installed().resolve("debian/usr/lib/x86_64-linux-gnu") + "");
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitListening(Process process, int port) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!isListening(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new BenchException("a peer does not listen on its port: " + process.info());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a client needs to know. */
    static Words words(Options options, int port) {
        return Words.none()
                .with("port", port)
                .with("size", options.number("size"))
                .with("keys", options.keys())
                .with("window", options.number("window"));
    }
}
