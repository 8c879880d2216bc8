package io.tuli.compare;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.BenchException;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    private static final int CONNECT_MILLIS_MAX = 1000;

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

    /** The command that runs one of the programs which speak to a product. */
    List<String> java(String main, Options options) {
        return ChildProcess.jvm("io.tuli.peers." + main, classPath(), options.flags());
    }

    /** Starts a program that is no child, and waits until it listens. */
    Process stranger(List<String> command, int port, Launcher launcher) {
        Process process = begin(command, port, launcher);
        awaitListening(process, port);
        return process;
    }

    /** Starts a program that is no child. */
    Process begin(List<String> command, int port, Launcher launcher) {
        ProcessBuilder builder = new ProcessBuilder(command);
        String name = Path.of(command.getFirst()).getFileName() + "-" + port;
        builder.redirectErrorStream(true);
        builder.redirectOutput(launcher.logs().resolve(name + ".log").toFile());
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        installed().resolve("debian/usr/lib/x86_64-linux-gnu") + "");
        return launcher.stranger(builder);
    }

    static void awaitListening(Process process, int port) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!isListening(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String what = process.info().command().orElse("its program has ended");
                Launcher.end(process);
                throw new BenchException(
                        "a peer must listen on its port within %d s: port=%d program=%s"
                                .formatted(START_SECONDS_MAX, port, what));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_MILLIS_MAX);
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
