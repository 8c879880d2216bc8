package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever users' code throws, from whatever method: it fails its own call, and nobody notices. */
class UserCodeTest {

    private final TestMeshes meshes = new TestMeshes();
    private Mesh server;
    private Service<Object> things;
    private Mesh member;
    private Service<Object> client;

    @BeforeEach
    void start() {
        server = meshes.server();
        things = server.serve(ServiceConfig.of("things", Object.class).handler(handler));
        server.serve(ServiceConfig.of("quick", Object.class).handler(handler).inline());
        member = meshes.client();
        client = synced(member.use("things", Object.class));
    }

    @AfterEach
    void everybodyGoesOn() {
        try {
            assertThat(client.update("alive", 1).reply().orTimeout(5, TimeUnit.SECONDS))
                    .succeedsWithin(SOON);
            assertThat(client.read("alive", Integer.class).reply()).succeedsWithin(SOON);
            assertThat(server.members()).contains(server.self(), member.self());
            assertThat(server.report("things").owned()).isEqualTo(256);
        } finally {
            meshes.close();
        }
    }

    private final Handler<Object> handler =
            (message, turn) ->
                    switch (message.verb()) {
                        case "HOSTILE" -> throw new Planted.Mute();
                        case "ERROR" -> throw new AssertionError("planted");
                        case "MEMORY" -> throw new OutOfMemoryError("planted");
                        case "HALF" -> throw new IllegalStateException("half \uD83E of a pair");
                        case "LONG" -> throw new IllegalStateException("x".repeat(3_000_000));
                        case "LATER" -> CompletableFuture.failedFuture(new Planted.Endless());
                        case "VALUE" -> new Unwritable();
                        case "ITEMS" -> new Items(message.body(String.class));
                        case "COUNT" -> List.of(1, 2, 3).iterator();
                        case "EMIT" -> emitted(turn, message.body(String.class));
                        default -> turn.pass();
                    };

    private static String emitted(Turn<Object> turn, String service) {
        turn.update("edited");
        turn.emit(service, Message.of("update", 1).key("k"));
        return "emitted";
    }

    /** A value whose getter throws an error. */
    public static final class Unwritable {
        private final boolean isNamed = Boolean.getBoolean("named");

        public String getName() {
            if (isNamed) {
                return "";
            }
            throw new AssertionError("no name");
        }
    }

    /** A value that no caller can make. */
    public static final class Unreadable {
        public Unreadable() {
            throw new AssertionError("no such object");
        }

        public int value;
    }

    /** A stream of items that breaks in one of its methods. */
    private record Items(String broken) implements Iterator<Object>, AutoCloseable {

        @Override
        public boolean hasNext() {
            if (broken.equals("hasNext")) {
                throw new Planted.Mute();
            }
            return true;
        }

        @Override
        public Object next() {
            throw new Planted.Mute();
        }

        @Override
        public void close() {
            throw new Planted.Mute();
        }
    }

    // ---- handlers ------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"HOSTILE", "ERROR", "MEMORY", "HALF", "LONG", "LATER", "VALUE"})
    void whatAHandlerThrowsFailsItsCallAndItsKeyGoesOn(String verb) {
        Service<Object> quick = member.use("quick", Object.class);
        for (Service<Object> service : List.of(client, things, quick)) {
            TuliException failed = failureOf(service.send(Message.of(verb).key("k")));

            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(failed.failure()).isEqualTo(Failure.HANDLER_FAILED);
            assertThat(failed.getMessage()).hasSizeBetween(10, 1_200);
            assertThat(service.update("k", verb).reply()).succeedsWithin(SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "no name", "\u00fc", "a/b"})
    void aMessageToNoServiceIsRefusedInItsTurn(String name) {
        TuliException failed = failureOf(client.send(Message.of("EMIT", name).key("emitting")));

        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(client.read("emitting", Object.class).reply()).succeedsWithin(SOON).isNull();
    }

    @Test
    void halfASurrogateIsToldReadably() {
        TuliException failed = failureOf(client.send(Message.of("HALF").key("k")));

        assertThat(failed).hasMessageContaining("half \uFFFD of a pair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hasNext", "next"})
    void aStreamWhoseIteratorThrowsFails(String broken) {
        Call<Object> call = client.send(Message.of("ITEMS", broken).key("k"));
        Collected<Object> items = new Collected<>();
        call.replies().subscribe(items);

        await().atMost(SOON).until(items::isOver);
        assertThat(items.soFar()).isEmpty();
    }

    // ---- replies -------------------------------------------------------------------------------

    @Test
    void aReplyThatCannotBeReadSaysThatItWasExecuted() {
        Message update = Message.of("increment", 2).key("n");

        Call<Unreadable> call = client.send(update, Unreadable.class);

        TuliException failed = failureOf(call);
        assertThat(failed.outcome()).isEqualTo(Outcome.OK);
        assertThat(failed.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(failed).hasMessageContaining("executed, but its reply cannot be read as ");
        assertThat(failed).hasMessageContaining("Unreadable");
        assertThat(call.committed()).succeedsWithin(SOON);
        assertThat(client.read("n", Integer.class).reply()).succeedsWithin(SOON).isEqualTo(2);
    }

    @Test
    void anItemThatCannotBeReadEndsItsStream() {
        Collected<Unreadable> items = new Collected<>();

        client.send(Message.of("COUNT").key("k"), Unreadable.class).replies().subscribe(items);

        await().atMost(SOON).until(items::isOver);
        assertThat(items.soFar()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"onSubscribe", "onNext", "onError", "onComplete"})
    void aSubscriberThatThrowsIsCancelled(String broken) {
        for (String verb : List.of("COUNT", "ERROR", "update")) {
            Throwing<Object> subscriber = new Throwing<>(broken);
            client.send(Message.of(verb, 5).key("k")).replies().subscribe(subscriber);
            Throwing<Object> surveyed = new Throwing<>(broken);
            client.all().send(Message.of(verb, 5).key("k")).replies().subscribe(surveyed);

            assertThat(subscriber.subscribed).succeedsWithin(SOON);
            assertThat(surveyed.subscribed).succeedsWithin(SOON);
        }
    }

    /** Throws an error from one of its methods. */
    private static final class Throwing<T> implements Flow.Subscriber<T> {

        private final String broken;
        private final CompletableFuture<Boolean> subscribed = new CompletableFuture<>();

        Throwing(String broken) {
            this.broken = broken;
        }

        private void happened(String what) {
            if (what.equals(broken) || (broken.equals("onNext") && what.equals("onError"))) {
                throw new AssertionError("planted in " + what);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(true);
            happened("onSubscribe");
            subscription.request(10);
        }

        @Override
        public void onNext(T item) {
            happened("onNext");
        }

        @Override
        public void onError(Throwable thrown) {
            happened("onError");
        }

        @Override
        public void onComplete() {
            happened("onComplete");
        }
    }

    @Test
    void whatACallbackThrowsIsItsOwnFuturesFailure() {
        CompletableFuture<Object> broken =
                client.update("k", 1)
                        .reply()
                        .thenApply(
                                reply -> {
                                    throw new AssertionError("planted");
                                });
        CompletableFuture<Object> rejected =
                client.update("k", 1)
                        .reply()
                        .thenApplyAsync(
                                reply -> reply,
                                task -> {
                                    throw new java.util.concurrent.RejectedExecutionException();
                                });

        await().atMost(SOON).until(broken::isCompletedExceptionally);
        await().atMost(SOON).until(rejected::isCompletedExceptionally);
    }

    // ---- listeners -----------------------------------------------------------------------------

    @Test
    void aListenerThatThrowsAnErrorIsCalledAgainAndOthersHear() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<MeshEvent> heard = new CopyOnWriteArrayList<>();
        AutoCloseable registered =
                server.events(
                        event -> {
                            calls.incrementAndGet();
                            throw new AssertionError("planted");
                        });
        server.events(heard::add);

        meshes.client();
        meshes.client();

        await().atMost(SOON).until(() -> heard.size() >= 4 && calls.get() >= 4);
        registered.close();
    }

    @Test
    void aListenerThatBlocksHoldsUpNobody() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean isBlocked = new AtomicBoolean();
        List<MeshEvent> heard = new CopyOnWriteArrayList<>();
        server.events(
                event -> {
                    isBlocked.set(true);
                    awaitQuietly(mayEnd);
                });
        server.events(heard::add);

        meshes.client();

        await().atMost(SOON).until(() -> isBlocked.get() && !heard.isEmpty());
        assertThat(client.update("k", 1).reply()).succeedsWithin(SOON);
        mayEnd.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- feeds and folds -----------------------------------------------------------------------

    @Test
    void aFeedWhoseConsumerThrowsAnErrorEndsAndTellsItsCaller() {
        Feed.Subscription feed =
                client.feed()
                        .each(
                                change -> {
                                    throw new Planted.Mute();
                                });
        Feed.Subscription typed = client.feed().each(change -> change.value(Unreadable.class));

        client.update("k", java.util.Map.of("value", 1));

        CompletableFuture<Void> ended = feed.ended().toCompletableFuture();
        await().atMost(SOON).until(ended::isCompletedExceptionally);
        await().atMost(SOON)
                .until(() -> typed.ended().toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void aFoldThatAnswersNullOrThrowsLeavesThatChangeOutAndGoesOn() {
        List<MeshEvent> told = new CopyOnWriteArrayList<>();
        Mesh folding = meshes.server();
        folding.events(told::add);
        Service<Object> folded =
                folding.serve(
                        ServiceConfig.of("folded", Object.class)
                                .fold(
                                        "things",
                                        change ->
                                                switch (change.key().top()) {
                                                    case "null" -> null;
                                                    case "holes" ->
                                                            java.util.Collections.singletonList(
                                                                    null);
                                                    case "hostile" -> throw new Planted.Mute();
                                                    case "value" -> unwritable();
                                                    default ->
                                                            List.of(
                                                                    Message.of("increment", 1)
                                                                            .key("count"));
                                                }));
        synced(folded);

        for (String key : List.of("null", "holes", "hostile", "value")) {
            client.update(key, 1).reply().orTimeout(20, TimeUnit.SECONDS).join();
            client.update("good-" + key, 1).reply().orTimeout(20, TimeUnit.SECONDS).join();
        }

        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(folded.get("count", Integer.class))
                                        .as("%s", told)
                                        .isEqualTo(4));
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(told)
                                        .filteredOn(e -> e.kind() == MeshEvent.Kind.HANDLER_FAILED)
                                        .hasSize(4));
    }

    @Test
    void aPartitionerThatThrowsPlacesKeysByThemselves() {
        ServiceConfig<Object> config =
                ServiceConfig.of("placed", Object.class)
                        .partitioner(
                                key -> {
                                    throw new AssertionError("planted");
                                });
        Service<Object> placed = server.serve(config);

        assertThat(placed.update("k", 1).reply()).succeedsWithin(SOON);
    }

    private static TuliException failureOf(Call<?> call) {
        try {
            call.reply().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof TuliException known) {
                return known;
            }
            throw failed;
        }
        throw new AssertionError("it ended OK: " + call.id());
    }

    private static List<Message> unwritable() {
        return List.of(Message.of("update", new Unwritable()).key("v"));
    }
}
