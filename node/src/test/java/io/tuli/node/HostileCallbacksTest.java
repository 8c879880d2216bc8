package io.tuli.node;

import static io.tuli.node.HostileMesh.CLIENT;
import static io.tuli.node.HostileMesh.soon;
import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users are called back with throws anything: nobody else hears less. */
class HostileCallbacksTest {

    private static HostileMesh mesh;
    private static Service<Object> things;

    @BeforeAll
    static void serve() {
        mesh =
                new HostileMesh(
                        ServiceConfig.of("things", Object.class)
                                .partitions(8)
                                .handler(
                                        (message, turn) ->
                                                switch (message.verb()) {
                                                    case "COUNT" -> List.of(1, 2, 3).iterator();
                                                    case "FAIL" -> Planted.EXCEPTION.raise();
                                                    default -> turn.pass();
                                                }));
        things = mesh.service(CLIENT, "things");
    }

    @AfterEach
    void everybodyGoesOn(TestInfo test) {
        boolean unused = Thread.interrupted();
        mesh.assertAllGoOn(test.getDisplayName());
    }

    @AfterAll
    static void leave() {
        mesh.close();
    }

    // ---- replies -------------------------------------------------------------------------------

    @Test
    void whatAMilestonesCallbackThrowsIsTheFailureOfItsOwnStage() {
        List<Function<Call<Void>, CompletableFuture<?>>> milestones =
                List.of(Call::accepted, Call::committed, Call::reply);
        List<CompletableFuture<?>> broken = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            Call<Void> call = things.update("k", kind);
            for (Function<Call<Void>, CompletableFuture<?>> milestone : milestones) {
                CompletableFuture<?> future = milestone.apply(call);
                broken.add(future.thenApply(told -> kind.raise()));
                broken.add(future.whenComplete((told, failed) -> kind.raise()));
                broken.add(future.thenCompose(told -> kind.raise()));
                broken.add(future.thenRunAsync(() -> {}, task -> kind.raise()));
            }

            boolean unused = Thread.interrupted(); // by a callback on this thread
            assertThat(call.reply()).succeedsWithin(SOON);
        }
        await().atMost(SOON)
                .until(() -> broken.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    }

    @ParameterizedTest
    @ValueSource(strings = {"onSubscribe", "onNext", "onError", "onComplete"})
    void aSubscriberThatThrowsIsNotCalledAgain(String method) {
        List<Throwing> all = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            for (String verb : List.of("COUNT", "FAIL", "increment")) {
                Message message = Message.of(verb, 5).key("n");
                all.add(subscribed(things.send(message).replies(), method, kind));
                all.add(subscribed(things.all().send(message).replies(), method, kind));
            }
        }

        await().atMost(SOON).until(() -> all.stream().allMatch(each -> each.calls.get() > 0));
    }

    private static Throwing subscribed(
            Flow.Publisher<Object> replies, String method, Planted kind) {
        Throwing subscriber = new Throwing(method, kind);
        replies.subscribe(subscriber);
        return subscriber;
    }

    /** Throws from one of its methods. */
    private static final class Throwing implements Flow.Subscriber<Object> {

        private final String broken;
        private final Planted kind;
        private final AtomicInteger calls = new AtomicInteger();

        Throwing(String broken, Planted kind) {
            this.broken = broken;
            this.kind = kind;
        }

        private void called(String method) {
            calls.incrementAndGet();
            if (method.equals(broken)) {
                kind.raise();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            called("onSubscribe");
            subscription.request(10);
        }

        @Override
        public void onNext(Object item) {
            called("onNext");
        }

        @Override
        public void onError(Throwable thrown) {
            called("onError");
        }

        @Override
        public void onComplete() {
            called("onComplete");
        }
    }

    // ---- feeds ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"onSubscribe", "onNext", "onError", "onComplete"})
    void aFeedsSubscriberThatThrowsEndsItsFeedAlone(String method) {
        List<Throwing> all = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            Throwing subscriber = new Throwing(method, kind);
            things.feed().publisher().subscribe((Flow.Subscriber<Object>) subscriber);
            all.add(subscriber);
        }

        goesOn(() -> all.stream().allMatch(each -> each.calls.get() > 1 || method.endsWith("e")));
    }

    /** Changes until it holds. */
    private static void goesOn(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(SOON)
                .until(
                        () -> {
                            soon(things.update("changing", System.nanoTime()).reply());
                            return condition.call();
                        });
    }

    @Test
    void aFeedWhoseConsumerOrPredicateThrowsEndsAndTells() {
        List<Feed.Subscription> all = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            all.add(things.feed().each(change -> kind.raise()));
            all.add(things.feed().filter(change -> kind.raise()).each(change -> {}));
            all.add(things.commits().each(entry -> kind.raise()));
        }

        goesOn(
                () ->
                        all.stream()
                                .map(feed -> feed.ended().toCompletableFuture())
                                .allMatch(CompletableFuture::isCompletedExceptionally));
    }

    @Test
    void aStreamThatThrowsEndsForItsThread() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            CompletableFuture<Void> read = new CompletableFuture<>();
            all.add(read);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (Stream<?> changes = things.feed().stream()) {
                                    changes.forEach(change -> kind.raise());
                                } catch (Throwable thrown) {
                                    read.completeExceptionally(thrown);
                                }
                            });
        }

        goesOn(() -> all.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    }

    // ---- events and settings -------------------------------------------------------------------

    @Test
    void aListenerThatThrowsIsToldTheNextEventAndOthersHearAll() {
        Mesh server = mesh.member(0);
        AtomicInteger calls = new AtomicInteger();
        List<Object> heard = new CopyOnWriteArrayList<>();
        List<AutoCloseable> registered = new ArrayList<>();
        for (Planted kind : Planted.values()) {
            registered.add(
                    server.events(
                            event -> {
                                calls.incrementAndGet();
                                kind.raise();
                            }));
        }
        registered.add(server.events(heard::add));

        Mesh late = mesh.meshes().client();
        await().atMost(SOON).until(() -> heard.size() >= 2);
        late.close();

        await().atMost(SOON)
                .until(() -> heard.size() >= 3 && calls.get() >= 3 * Planted.values().length);
        registered.forEach(each -> mesh.closeQuietly(each));
    }

    @Test
    void settingsThatThrowFailTheirOwnJoin() {
        for (Planted kind : Planted.values()) {
            Map<String, String> settings =
                    new AbstractMap<>() {
                        @Override
                        public Set<Entry<String, String>> entrySet() {
                            return kind.raise();
                        }
                    };

            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () ->
                                            mesh.meshes()
                                                    .join(builder -> builder.settings(settings))))
                    .isNotNull();
        }
    }
}
