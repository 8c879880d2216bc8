package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.Service;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountersTest {

    private final Meshes meshes = new Meshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void whoeverCountsGetsTheNextNumber() throws Exception {
        Service<Long> first = meshes.server().serve(Counters.config());
        Service<Long> second = meshes.server().serve(Counters.config());
        Service<Long> client = meshes.client().use(Counters.config());

        List<CompletableFuture<Long>> replies =
                IntStream.range(0, 300)
                        .mapToObj(i -> List.of(first, second, client).get(i % 3))
                        .map(service -> count(service, "visits"))
                        .toList();
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);

        assertThat(replies.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 300).mapToObj(Long::valueOf).toList());
        assertThat(client.read("visits", Long.class).reply().get(5, TimeUnit.SECONDS))
                .isEqualTo(300);
    }

    private static CompletableFuture<Long> count(Service<Long> service, String name) {
        return service.key(name).send(Message.of(Counters.COUNT), Long.class).reply();
    }
}
