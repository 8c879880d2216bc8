package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.command.Exit;
import io.tuli.node.Tuli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How members in processes of their own come, refuse, leave and die. */
@Tag("slow")
class ServeTest {

    private static final String SECRET = "a secret of thirty-two bytes or more";

    @TempDir private Path directory;

    private static Ran tuli(String mesh, String... args) {
        return Ran.in(Map.of("TULI_MESH", mesh), args);
    }

    private Serving member(String mesh, String name, String... more) {
        String[] args = {"serve", "users", "--mesh", mesh, "--name", name, "--json"};
        String[] all = new String[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Serving.ready(directory, all);
    }

    private static String mesh(String purpose) {
        return purpose + "-" + ProcessHandle.current().pid();
    }

    private static void awaitOwner(String mesh, String name) {
        Awaitility.await("all partitions owned by " + name)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(tuli(mesh, "ring", "users").out())
                                        .containsPattern("\n" + name + " .* 256  100.0 %"));
    }

    @Test
    void terminatedMemberHandsOverAndExitsWithZero() {
        String mesh = mesh("term");
        try (Serving first = member(mesh, "n1");
                Serving second = member(mesh, "n2")) {
            tuli(mesh, "set", "users", "28", "\"kept\"");

            assertThat(first.terminate()).isZero();

            assertThat(first.err()).contains("leaving: handing over", "left after");
            awaitOwner(mesh, "n2");
            assertThat(tuli(mesh, "get", "users", "28").out()).isEqualTo("\"kept\"\n");
            assertThat(second.terminate()).isZero();
        }
    }

    @Test
    void killedMemberIsReplacedAndNothingIsLost() {
        String mesh = mesh("kill");
        try (Serving first = member(mesh, "n1");
                Serving second = member(mesh, "n2")) {
            tuli(mesh, "set", "users", "28", "\"kept\"");

            first.kill();

            awaitOwner(mesh, "n2");
            assertThat(tuli(mesh, "get", "users", "28").out()).isEqualTo("\"kept\"\n");
            assertThat(tuli(mesh, "set", "users", "28", "2").code()).isZero();
            assertThat(second.terminate()).isZero();
        }
    }

    @Test
    void aMemberWithoutMemoryEndsItsProcess() throws Exception {
        String mesh = mesh("memory");
        String[] args = {"serve", "users", "--mesh", mesh, "--name", "n1", "--json"};
        try (Serving small = Serving.withHeap(directory, "40m", args);
                Mesh client = Tuli.mesh(mesh).client().join()) {
            Service<byte[]> users =
                    client.use(ServiceConfig.of("users", byte[].class).withoutReplica());
            byte[] large = new byte[500_000];
            for (int i = 0; i < 200; i++) {
                users.update("k" + i, large);
            }

            assertThat(small.exitCode()).isEqualTo(Exit.BROKEN.code());
            assertThat(small.err()).contains("this member could not go on", "OutOfMemoryError");
        }
    }

    @Test
    void otherNumberOfPartitionsIsRefusedWithTheReason() {
        String mesh = mesh("partitions");
        try (Serving first = member(mesh, "n1", "--partitions", "8");
                Serving second =
                        Serving.start(
                                directory,
                                "serve",
                                "users",
                                "--mesh",
                                mesh,
                                "--partitions",
                                "16")) {
            assertThat(second.exitCode()).isEqualTo(Exit.CONFLICT.code());

            assertThat(second.err()).startsWith("tuli: ").contains("users", "8", "16");
            assertThat(second.out()).isEmpty();
            assertThat(tuli(mesh, "ls", "--json").out()).contains("\"owned\":8,\"replicas\":0,");
            assertThat(first.terminate()).isZero();
        }
    }

    @Test
    void secretKeepsStrangersOut() {
        String mesh = mesh("secret");
        try (Serving member = member(mesh, "n1", "--secret", SECRET)) {
            Ran friend = tuli(mesh, "set", "users", "a", "1", "--secret", SECRET);
            Ran stranger = tuli(mesh, "ls", "--secret", SECRET + "?");

            assertThat(friend.code()).isZero();
            assertThat(friend.err()).startsWith("tuli: --secret shows in this machine's list");
            assertThat(stranger.err().lines()).allMatch(line -> line.startsWith("tuli: "));
            assertThat(stranger.out()).isEmpty();
            assertThat(stranger.err()).contains("another secret, or none,", "; give theirs");
            assertThat(stranger.code()).isEqualTo(Exit.NOT_AUTHORISED.code());
            assertThat(member.terminate()).isZero();
        }
    }

    @Test
    void meshThatNobodyServesIsUnavailable() {
        Ran ran = tuli(mesh("nobody"), "ls");

        assertThat(ran.err())
                .startsWith("tuli: no member of mesh nobody-")
                .contains("tuli serve", "--peers", "--mesh");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(Exit.UNAVAILABLE.code());
    }

    @Test
    void addressBeyondThisMachineNeedsASecretOrTheWordInsecure() {
        try (Serving open =
                Serving.start(
                        directory, "serve", "users", "--bind", "0.0.0.0", "--mesh", mesh("bind"))) {
            assertThat(open.exitCode()).isIn(Exit.USAGE.code(), Exit.NOT_AUTHORISED.code());
            assertThat(open.err()).contains("secret", "insecure");
        }
    }
}
