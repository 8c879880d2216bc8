package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.command.Exit;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a member's directory, told without changing a byte of it. */
class LogCommandTest {

    private static final String FIRST = "00000000000000000001.seg";

    private final String name = "log-" + UUID.randomUUID();

    @TempDir Path directory;
    private Path data;

    @BeforeEach
    void write() {
        data = directory.resolve("data");
        try (Mesh mesh = mesh()) {
            mesh.serve(ServiceConfig.of("orders", Integer.class).durable())
                    .update("o1", 7)
                    .committed()
                    .join();
            assertThat(log("verify").err()).contains("used by this process");
            mesh.close(Duration.ZERO);
        }
    }

    private Mesh mesh() {
        return Tuli.mesh(name).data(data).settings(Map.of("journal.segment", "2MiB")).join();
    }

    private Ran log(String action, String... more) {
        String[] line = {"log", action, "--data", data.toString()};
        String[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return Ran.of(all);
    }

    private void put(long at, String bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(data.resolve(FIRST).toFile(), "rw")) {
            file.seek(at);
            file.writeBytes(bytes);
        }
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (var all = Files.list(data)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    @Test
    void whatIsThereIsListedAndWholeAndDamageIsToldWithItsPlaceAndNothingChanges()
            throws IOException {
        assertThat(log("ls").out())
                .startsWith("node ")
                .contains("   boot 1\n", "SEGMENT", "RECORD-BYTES", FIRST)
                .contains("orders: partitions=256 placing=");
        assertThat(log("ls", "--json").out())
                .contains("\"isWhole\":true", "\"services\":{\"orders\"");
        Ran whole = log("verify");
        assertThat(whole.out()).startsWith("whole: segments=1 blocks=");
        assertThat(whole.code()).isZero();

        put((2 << 20) - 512, "half of a block");
        assertThat(log("verify").out()).startsWith("whole: ");

        put(4096 + 600, "x");
        Map<String, byte[]> before = files();
        Ran damaged = log("verify");
        assertThat(damaged.out()).startsWith("damaged: ").contains("segment=" + FIRST + " at=4608");
        assertThat(damaged.code()).isEqualTo(Exit.FAILED.code());
        assertThat(log("ls").code()).isZero();
        Map<String, byte[]> after = files();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void whatItSaysIsPrintedALineForEachRecordAndWhereSomethingIsMissing() throws IOException {
        assertThat(log("dump").out())
                .contains(" note service/orders 256 ", " note ring/orders generation=1 servers=")
                .containsPattern("1/\\d+ entry orders/\\d+ 1:2 [0-9-]+T.* update o1 7\n");
        Ran one = log("dump", "--key", "o1", "--json");
        assertThat(one.out().lines()).hasSize(1);
        assertThat(one.out())
                .contains("\"record\":\"entry\",\"service\":\"orders\"")
                .contains("\"edits\":[{\"kind\":\"update\",\"key\":\"o1\",\"value\":7}]");
        assertThat(log("dump", "--key", "o2").out()).isEmpty();

        put(4096 + 600, "x");
        Ran damaged = log("dump");
        assertThat(damaged.out()).contains(" hole segment=" + FIRST + " at=4608 it is not as it");
        assertThat(damaged.code()).isEqualTo(Exit.FAILED.code());
    }

    @Test
    void whatIsDamagedIsRepairedOnlyWhereItIsSaidThatWhatIsLostMayBe() throws IOException {
        assertThat(log("repair").out()).startsWith("whole: there is nothing to repair");
        put(4096 + 600, "x");
        Map<String, byte[]> before = files();

        Ran asked = log("repair");
        assertThat(asked.out()).contains("damaged:", " at=4608 it is not as it was", "say --yes");
        assertThat(asked.code()).isEqualTo(Exit.FAILED.code());
        assertThat(files().keySet()).isEqualTo(before.keySet());

        assertThat(log("repair", "--json").out())
                .startsWith("{\"ok\":false,\"isWhole\":false,\"holes\":[\"")
                .contains(" at=4608 it is not as it was", "\"partitions\":")
                .hasLineCount(1);

        Ran done = log("repair", "--yes");
        assertThat(done.code()).isZero();
        assertThat(done.out()).contains("is another node now, ", "is in " + data + ".aside");
        assertThat(log("verify").out()).startsWith("whole: ");
        data = directory.resolve("data.aside");
        Map<String, byte[]> aside = files();
        before.forEach((name, bytes) -> assertThat(aside.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void aCopyIsAdoptedAsAnotherNodeAndNobodyIsGivenUpWhoIsNotKnown() {
        String node = log("ls").out().substring(5, 21);
        Ran adopted = log("adopt");
        assertThat(adopted.out()).contains("give it up there: tuli log accept --without it");
        assertThat(adopted.code()).isZero();
        assertThat(log("ls").out()).doesNotContain(node);

        assertThat(log("accept").err()).contains("say whom to go on without");
        data = directory.resolve("data.aside");
        assertThat(log("accept", "--without", node).err())
                .contains("one that this one knew last, but not itself: " + node);
        assertThat(log("adopt", "--json").out())
                .matches(
                        "\\{\"ok\":true,\"node\":\"[0-9a-f]{16}\",\"before\":\"[0-9a-f]{16}\","
                                + "\"aside\":\".*\"}\n");
    }

    @Test
    void aRunningMembersDirectoryIsCopiedAndTheCopyGoesOnAsAnotherNode() {
        Path copy = directory.resolve("copy");
        try (Mesh mesh = mesh()) {
            mesh.serve(ServiceConfig.of("orders", Integer.class).durable())
                    .update("o2", 8)
                    .committed()
                    .join();

            Ran copied = log("backup", "--to", copy.toString());

            assertThat(copied.out()).startsWith("whole").contains("tuli log adopt --data " + copy);
            assertThat(copied.code()).isZero();
            assertThat(log("backup", "--to", copy.toString()).err()).contains("new or empty");
            assertThat(log("backup").err()).contains("say where to: --to <directory>");
            mesh.close(Duration.ZERO);
        }
        data = copy;
        assertThat(log("adopt").code()).isZero();
        try (Mesh mesh = mesh()) {
            var orders = mesh.serve(ServiceConfig.of("orders", Integer.class).durable());
            orders.awaitSync(Duration.ofSeconds(20));
            assertThat(orders.state()).isEqualTo(Map.of("o1", 7, "o2", 8));
            mesh.close(Duration.ZERO);
        }
    }

    @Test
    void whatIsNoJournalIsRefused() {
        data = directory;
        assertThat(log("verify").err()).contains("a journal's directory has a file NODE");
        data = directory.resolve("nowhere");
        assertThat(log("ls").err()).contains("a directory must be there");
        assertThat(Ran.of("log", "ls").err()).contains("say whose: --data <directory>");
        assertThat(log("verfy").err()).contains("did you mean verify?");
        assertThat(Files.exists(data)).isFalse();
    }
}
