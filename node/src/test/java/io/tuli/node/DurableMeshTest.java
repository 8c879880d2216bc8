package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Call;
import io.tuli.Durable;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport.GroupReport;
import io.tuli.TuliException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** D1, D2, D4: members of one mesh that go and come again, with what they had. */
@Timeout(120)
class DurableMeshTest {

    private static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).durable();
    private static final int KEYS = 300;

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh member(String name) {
        return member(name, Map.of());
    }

    private Mesh member(String name, Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(others);
        settings.put("journal.segment", "2MiB");
        settings.putIfAbsent("journal.bytes", "8MiB");
        settings.putIfAbsent("restart.wait", "200ms");
        return meshes.join(how -> how.data(directory.resolve(name)).settings(settings));
    }

    private static void write(Service<Integer> numbers, int times) {
        List<Call<Void>> calls = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            calls.add(numbers.update("k" + key, key * times));
        }
        calls.forEach(call -> call.committed().join());
    }

    private static void assertThere(Service<Integer> numbers, int times) {
        Map<String, Integer> all = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            all.put("k" + key, key * times);
        }
        long end = System.nanoTime() + TestMeshes.SOON.toNanos();
        TestMeshes.synced(numbers);
        while (!numbers.state().equals(all) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(numbers.state()).isEqualTo(all);
    }

    /** The directory as a process leaves it that is killed now. */
    private void killed(String name, String left) throws IOException {
        Files.createDirectories(directory.resolve(left));
        try (var files = Files.list(directory.resolve(name))) {
            for (Path file : files.filter(each -> !each.endsWith("next.tmp")).toList()) {
                Files.copy(file, directory.resolve(left).resolve(file.getFileName().toString()));
            }
        }
    }

    @Test
    @Tag("D1")
    void whatAMemberAloneHadIsThereWhenItComesAgain() {
        for (int life = 1; life <= 3; life++) {
            Mesh mesh = member("a");
            Service<Integer> numbers = mesh.serve(NUMBERS);
            if (life > 1) {
                assertThere(numbers, life - 1);
            }
            write(numbers, life);
            numbers.update("gone", 1).committed().join();
            numbers.remove("gone").committed().join();
            mesh.close(Duration.ZERO);
        }
    }

    @Test
    @Tag("PT-57")
    void aGroupGoesOnWhereItWasAfterARestartOfAll() {
        Set<Integer> told = ConcurrentHashMap.newKeySet();
        Mesh mesh = member("a");
        Service<Integer> numbers = mesh.serve(NUMBERS);
        write(numbers, 1);
        Feed.Subscription first = readBy(numbers, told);
        Awaitility.await().atMost(TestMeshes.SOON).until(() -> told.size() == KEYS);
        first.close();
        assertThat(first.ended().toCompletableFuture()).succeedsWithin(TestMeshes.SOON);
        write(numbers, 1_000);
        mesh.close(Duration.ZERO);
        told.clear();

        Service<Integer> again = member("a").serve(NUMBERS);
        Feed.Subscription second = readBy(again, told);
        Awaitility.await().atMost(TestMeshes.SOON).until(() -> told.size() == KEYS);

        assertThat(told).allMatch(value -> value % 1_000 == 0);
        second.close();
    }

    @Test
    @Tag("PT-58")
    void aConsumerGoesOnWhereItWasAfterARestartOfAll() throws IOException {
        Mesh mesh = member("a");
        Service<Integer> numbers = mesh.serve(NUMBERS);
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        mailer(numbers)
                .each(
                        delivery -> {
                            int number = delivery.change().value(Integer.class);
                            switch (number % 3) {
                                case 0 -> delivery.ack();
                                case 1 -> delivery.reject("one");
                                default -> {}
                            }
                            seen.add(number);
                        });
        write(numbers, 1);
        Awaitility.await()
                .atMost(TestMeshes.SOON)
                .until(() -> seen.size() == KEYS && mailer(numbers).rejected().size() == KEYS / 3);
        Awaitility.await()
                .atMost(TestMeshes.SOON)
                .untilAsserted(
                        () ->
                                assertThat(mesh.report("numbers").groups())
                                        .extracting(GroupReport::unacknowledged)
                                        .containsExactly(KEYS / 3L));
        killed("a", "b");
        mesh.close(Duration.ZERO);

        Service<Integer> again = TestMeshes.synced(member("b").serve(NUMBERS));
        Set<Integer> told = ConcurrentHashMap.newKeySet();
        mailer(again)
                .each(
                        delivery -> {
                            delivery.ack();
                            told.add(
                                    delivery.change().value(Integer.class)
                                            * (delivery.attempt() == 2 ? 1 : -1));
                        });
        Awaitility.await()
                .atMost(TestMeshes.SOON)
                .until(() -> told.stream().filter(number -> number % 3 == 2).count() == KEYS / 3);

        assertThat(told).hasSizeLessThan(KEYS / 2).noneMatch(number -> Math.abs(number) % 3 == 1);
        assertThat(mailer(again).rejected())
                .hasSize(KEYS / 3)
                .allMatch(each -> each.change().value(Integer.class) % 3 == 1)
                .allMatch(each -> each.why().equals("one") && each.attempts() == 1);
    }

    private static Feed.Deliveries mailer(Service<Integer> numbers) {
        return TestMeshes.synced(numbers).feed().from(Position.start()).consumer("mailer");
    }

    private static Feed.Subscription readBy(Service<Integer> numbers, Set<Integer> told) {
        return TestMeshes.synced(numbers)
                .feed()
                .group("billing")
                .from(Position.start())
                .each(change -> told.add(change.value(Integer.class)));
    }

    @Test
    @Tag("D1")
    void whatWasAcknowledgedIsThereWhenTheProcessWasKilled() throws IOException {
        Mesh mesh = member("a");
        Service<Integer> numbers = mesh.serve(NUMBERS);
        write(numbers, 7);
        killed("a", "b");
        mesh.close(Duration.ZERO);
        assertThere(member("b").serve(NUMBERS), 7);
    }

    @Test
    @Tag("D2")
    void whatWasWrittenBeforeItsSyncSurvivesAKilledProcess() throws IOException {
        ServiceConfig<Integer> seldom =
                ServiceConfig.of("numbers", Integer.class)
                        .durable(Durable.every(Duration.ofHours(1)));
        Mesh mesh = member("a");
        Service<Integer> numbers = mesh.serve(seldom);
        write(numbers, 7);
        killed("a", "b");
        mesh.close(Duration.ZERO);
        assertThere(member("b").serve(seldom), 7);
    }

    @Test
    void aMemberThatComesAgainHasWhatOthersWroteMeanwhile() {
        Mesh first = member("a");
        Service<Integer> atFirst = first.serve(NUMBERS);
        Mesh second = member("b");
        TestMeshes.synced(second.serve(NUMBERS));
        write(atFirst, 1);
        second.close(Duration.ZERO);
        write(atFirst, 2);
        assertThere(member("b").serve(NUMBERS), 2);
        first.close(Duration.ofSeconds(20));
        Mesh third = meshes.client();
        assertThere(third.use(ServiceConfig.of("numbers", Integer.class)), 2);
    }

    @Test
    @Tag("D1")
    void allThatGoComeAgainInAnyOrder() {
        Mesh first = member("a");
        Service<Integer> atFirst = first.serve(NUMBERS);
        Mesh second = member("b");
        TestMeshes.synced(second.serve(NUMBERS));
        write(atFirst, 3);
        meshes.atOnce(
                2,
                index -> {
                    (index == 0 ? first : second).close(Duration.ZERO);
                    return index;
                });
        Service<Integer> again = member("b").serve(NUMBERS);
        assertThere(again, 3);
        assertThere(member("a").serve(NUMBERS), 3);
        write(again, 4);
    }

    @Test
    @Tag("D1")
    void whatIsWrittenAHundredTimesTakesNoMoreOfTheDiskAndAllOfItIsThere() throws IOException {
        ServiceConfig<String> texts =
                ServiceConfig.of("texts", String.class)
                        .partitions(2)
                        .durable(Durable.every(Duration.ofMillis(100)));
        Mesh mesh = member("a");
        Service<Integer> closed = mesh.serve(NUMBERS);
        write(closed, 5);
        closed.close();
        Service<String> many = mesh.serve(texts);
        long most = 0;
        for (int time = 1; time <= 100; time++) {
            writeTexts(many, time);
            most = Math.max(most, sizeOf(directory.resolve("a")));
        }
        mesh.close(Duration.ZERO);
        assertThat(most).as("some 60 MiB were written").isLessThan(18 << 20);
        Mesh again = member("a");
        Service<String> found = TestMeshes.synced(again.serve(texts));
        Awaitility.await().atMost(TestMeshes.SOON).until(() -> found.state().size() == KEYS);
        assertThat(found.state())
                .containsEntry("k1", text(1, 100))
                .containsEntry("k9", text(9, 100));
        assertThere(again.serve(NUMBERS), 5);
    }

    private static String text(int key, int time) {
        return (key + " at " + time + " ").repeat(170);
    }

    private static void writeTexts(Service<String> texts, int time) {
        List<Call<Void>> calls = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            calls.add(texts.update("k" + key, text(key, time)));
        }
        calls.forEach(call -> call.committed().join());
    }

    private static long sizeOf(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    @Test
    @Tag("D1")
    void whatIsClosedAndServedAgainInOneLifeIsThere() {
        Mesh mesh = member("a");
        for (int time = 1; time <= 3; time++) {
            Service<Integer> numbers = mesh.serve(NUMBERS);
            if (time > 1) {
                assertThere(numbers, time - 1);
            }
            write(numbers, time);
            numbers.close();
        }
        mesh.close(Duration.ZERO);
        assertThere(member("a").serve(NUMBERS), 3);
    }

    @Test
    @Tag("D5")
    void anEndThatACrashHasCutIsLeftOutAndNothingBeforeIt() throws IOException {
        Mesh mesh = member("a");
        write(mesh.serve(NUMBERS), 7);
        killed("a", "b");
        mesh.close(Duration.ZERO);
        Path segment = directory.resolve("b").resolve("00000000000000000001.seg");
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(endOf(file));
            file.write("half of a block, for the power went".getBytes(StandardCharsets.UTF_8));
        }
        assertThere(member("b").serve(NUMBERS), 7);
    }

    /** Behind the last sector with something in it. */
    private static long endOf(RandomAccessFile file) throws IOException {
        byte[] sector = new byte[512];
        long end = 4096;
        for (long at = 4096; at < 2 << 20; at += sector.length) {
            file.seek(at);
            file.readFully(sector);
            for (byte each : sector) {
                end = each != 0 ? at + sector.length : end;
            }
        }
        return end;
    }

    @Test
    @Tag("D5")
    void aMemberWhoseJournalIsDamagedDoesNotStartAndCutsNothingOff() throws IOException {
        Mesh mesh = member("a");
        write(mesh.serve(NUMBERS), 7);
        mesh.close(Duration.ZERO);
        Path segment = directory.resolve("a").resolve("00000000000000000001.seg");
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(4096 + 600);
            file.write(99);
        }
        byte[] before = Files.readAllBytes(segment);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> member("a"))
                    .isInstanceOf(TuliException.class)
                    .hasMessageContaining("segment=00000000000000000001.seg at=");
        }
        assertThat(Arrays.equals(Files.readAllBytes(segment), before)).isTrue();
    }

    @Test
    void whatIsDurableNeedsADirectoryAndAnotherServiceNone() {
        assertThatThrownBy(() -> meshes.server().serve(NUMBERS))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining(
                        "a durable service is served by members with a data directory");
        Mesh mesh = member("a");
        ServiceConfig<Integer> config = ServiceConfig.of("plain", Integer.class);
        Service<Integer> plain = mesh.serve(config);
        plain.update("k", 1).committed().join();
        mesh.close(Duration.ZERO);
        assertThat(TestMeshes.synced(member("a").serve(config)).state()).isEmpty();
    }
}
