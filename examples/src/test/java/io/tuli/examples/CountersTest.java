package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.Service;
import io.tuli.junit.TestMesh;
import io.tuli.junit.TuliTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Counters on real members, which {@link TuliTest} joins before each test and closes after it. */
class CountersTest {

    @TuliTest(servers = 2, clients = 1)
    void whoeverCountsGetsTheNextNumber(TestMesh mesh) throws Exception {
        List<Service<Long>> counters = mesh.everywhere(Counters.config());

        List<CompletableFuture<Long>> replies =
                IntStream.range(0, 300)
                        .mapToObj(i -> counters.get(i % 3))
                        .map(service -> count(service, "visits"))
                        .toList();
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);

        assertThat(replies.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 300).mapToObj(Long::valueOf).toList());
        assertThat(counters.getLast().read("visits", Long.class).reply().get(5, TimeUnit.SECONDS))
                .isEqualTo(300);
    }

    private static CompletableFuture<Long> count(Service<Long> service, String name) {
        return service.key(name).send(Message.of(Counters.COUNT), Long.class).reply();
    }
}
