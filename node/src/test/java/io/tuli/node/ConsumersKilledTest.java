package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that serve, own and consume, killed with -9: one, and then all at once. */
@Timeout(120)
class ConsumersKilledTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private final String name = "killed-" + UUID.randomUUID();
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<ConsumerProcess> running = new ArrayList<>();

    private ConsumerProcess start(String node) throws Exception {
        ConsumerProcess process =
                ConsumerProcess.start(name, directory.resolve(node), acknowledged::add);
        running.add(process);
        return process;
    }

    private static List<Call<Void>> write(Service<Integer> numbers, int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> numbers.update("k" + i, i)).toList();
    }

    private static Set<Integer> rejected(Service<Integer> numbers) {
        return numbers.feed().consumer(ConsumerProcess.NAME).rejected().stream()
                .map(Feed.Rejected::change)
                .map(change -> change.value(Integer.class))
                .collect(Collectors.toSet());
    }

    private void awaitAll(Service<Integer> numbers, int until) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            Set<Integer> missing =
                                    IntStream.range(0, until)
                                            .boxed()
                                            .collect(Collectors.toCollection(TreeSet::new));
                            missing.removeAll(acknowledged);
                            missing.removeAll(rejected(numbers));
                            assertThat(missing).isEmpty();
                        });
    }

    @Test
    @Tag("PT-58")
    void eachChangeIsAcknowledgedOrListedWhoeverIsKilled() throws Exception {
        try (Mesh client = Tuli.mesh(name).client().settings(ConsumerProcess.SETTINGS).join()) {
            ConsumerProcess first = start("a");
            Service<Integer> numbers = TestMeshes.synced(client.use(ConsumerProcess.NUMBERS));
            ConsumerProcess second = start("b");
            write(numbers, 0, 200).forEach(call -> call.committed().join());
            first.kill();
            write(numbers, 200, 400).forEach(call -> call.committed().join());
            awaitAll(numbers, 400);
            start("a");
            List<Call<Void>> open = write(numbers, 400, 600);
            open.get(50).committed().join();
            second.kill();
            running.forEach(ConsumerProcess::close);
            start("a");
            start("b");
            open.forEach(call -> call.committed().join());
            write(numbers, 600, 700).forEach(call -> call.committed().join());

            awaitAll(numbers, 700);
            assertThat(rejected(numbers)).hasSize(70).allMatch(number -> number % 10 == 9);
            assertThat(acknowledged).noneMatch(number -> number % 10 == 9);
        } finally {
            running.forEach(ConsumerProcess::close);
        }
    }
}
