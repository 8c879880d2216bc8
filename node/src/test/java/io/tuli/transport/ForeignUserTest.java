package io.tuli.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.socket.SameHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Another user of this machine, who has got past the directory of the sockets: the system tells who
 * is at the other end, and nothing is said to him. Needs root, to be somebody else.
 */
@EnabledIf("canBeSomebodyElse")
class ForeignUserTest {

    private static final String NOBODY = "65534";

    /** Dials a socket, or lets itself be dialed, and prints how many bytes came to it. */
    private static final String FOREIGN =
            """
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;
            class Foreign {
                public static void main(String[] args) throws Exception {
                    var at = UnixDomainSocketAddress.of(args[1]);
                    SocketChannel met;
                    if (args[0].equals("dial")) {
                        met = SocketChannel.open(at);
                    } else {
                        var door = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(at);
                        System.out.println("bound");
                        met = door.accept();
                    }
                    long bytes = 0;
                    var in = ByteBuffer.allocate(1024);
                    for (int n = met.read(in); n >= 0; n = met.read(in.clear())) {
                        bytes += n;
                    }
                    System.out.println("bytes=" + bytes);
                }
            }
            """;

    private String temporary = "";
    private Path place = Path.of("");
    private Path program = Path.of("");

    static boolean canBeSomebodyElse() throws Exception {
        Path setpriv = Path.of("/usr/bin/setpriv");
        if (!Files.isExecutable(setpriv)) {
            return false;
        }
        return new ProcessBuilder(
                                setpriv.toString(),
                                "--reuid=" + NOBODY,
                                "--clear-groups",
                                java(),
                                "-version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @BeforeEach
    void aPlaceOfOurOwn() throws IOException {
        temporary = System.getProperty("java.io.tmpdir", "/tmp");
        place = Files.createTempDirectory("tuli-t");
        open(place);
        program = Files.writeString(place.resolve("Foreign.java"), FOREIGN);
        System.setProperty("java.io.tmpdir", place.toString());
    }

    @AfterEach
    void asBefore() throws IOException {
        System.setProperty("java.io.tmpdir", temporary);
        try (var all = Files.walk(place)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void open(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void close(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }

    private Process foreign(String what, Path socket) throws IOException {
        return new ProcessBuilder(
                        "/usr/bin/setpriv",
                        "--reuid=" + NOBODY,
                        "--clear-groups",
                        java(),
                        "-Djava.io.tmpdir=" + place,
                        program.toString(),
                        what,
                        socket.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static String outputOf(Process process) throws Exception {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whoDialsAsAnotherUserIsLetGoAtOnce() throws Exception {
        try (TestMember server = TestMember.server("server")) {
            Path door =
                    requireNonNull(SameHost.doorOf(TestMember.loopback(server.member().port())))
                            .getPath();
            open(door.getParent());
            open(door);

            String output = outputOf(foreign("dial", door));

            assertThat(output).isEqualTo("bytes=0\n");
            await().atMost(TestMember.DEADLINE).until(() -> !server.refusals.isEmpty());
            assertThat(server.refusals.getFirst()).contains("UNEXPECTED_MEMBER");
            close(door.getParent());
        }
    }

    @Test
    void whoOpensAPeersDoorAsAnotherUserHearsNothingAndThePortIsUsed() throws Exception {
        try (TestMember any = TestMember.server("any");
                TestMember server = TestMember.server("server", config -> config.sameHost(false));
                TestMember client = TestMember.client("client")) {
            Path directory =
                    requireNonNull(SameHost.doorOf(TestMember.loopback(any.member().port())))
                            .getPath()
                            .getParent();
            Path door = directory.resolve("127.0.0.1-" + server.member().port());
            open(directory);
            Process foreign = foreign("open", door);
            byte[] bound = foreign.getInputStream().readNBytes("bound\n".length());
            assertThat(new String(bound, StandardCharsets.UTF_8)).isEqualTo("bound\n");
            close(directory);

            assertThat(client.linkTo(server).isSameHost()).isFalse();

            assertThat(outputOf(foreign)).isEqualTo("bytes=0\n");
        }
    }
}
