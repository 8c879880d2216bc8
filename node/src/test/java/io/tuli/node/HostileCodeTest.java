package io.tuli.node;

import static io.tuli.node.HostileMesh.CLIENT;
import static io.tuli.node.HostileMesh.soon;
import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.codec.JsonCodec;
import io.tuli.handler.Merging;
import java.time.Duration;
import java.util.AbstractList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Users' code that throws anything from anywhere, on three servers and a client: it is the failure
 * of that one call, feed, change or event, and all others go on. {@link UserCodeTest} is exact
 * about what is told.
 */
class HostileCodeTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static HostileMesh mesh;

    /** A value that cannot be made where it says so. */
    public record Trap(@Nullable Planted made) {
        public Trap {
            if (made != null) {
                made.raise();
            }
        }
    }

    /** A value that cannot be written. */
    public record Bomb(Planted read) {
        @Override
        public Planted read() {
            return read.raise();
        }
    }

    /** A value none of whose other methods can be called. */
    public record Prickly(Planted kind) implements Comparable<Prickly> {
        @Override
        public int compareTo(Prickly other) {
            return kind.raise();
        }

        @Override
        public boolean equals(Object other) {
            return kind.raise();
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return kind.raise();
        }
    }

    @BeforeAll
    static void serve() {
        Handler<Object> handler = HostileCodeTest::handle;
        mesh =
                new HostileMesh(
                        ServiceConfig.of("things", Object.class).partitions(8).handler(handler),
                        ServiceConfig.of("quick", Object.class)
                                .partitions(8)
                                .handler(handler)
                                .inline(),
                        ServiceConfig.of("traps", Trap.class).partitions(8),
                        ServiceConfig.of("sources", Object.class).partitions(8),
                        ServiceConfig.of("folded", Object.class)
                                .partitions(8)
                                .fold("sources", HostileCodeTest::folded),
                        ServiceConfig.of("placed", Object.class)
                                .partitions(8)
                                .partitioner(HostileCodeTest::placeOf));
    }

    private static String placeOf(String key) {
        return key.startsWith("bad") ? Planted.valueOf(key.substring(3)).raise() : key;
    }

    @AfterAll
    static void allReplicasAreEqual() {
        try {
            mesh.assertReplicasEqual("all of it");
        } finally {
            boolean unused = Thread.interrupted();
            mesh.close();
        }
    }

    @AfterEach
    void everybodyGoesOn(TestInfo test) {
        boolean unused = Thread.interrupted();
        mesh.assertAllGoOn(test.getDisplayName());
    }

    // ---- handlers ------------------------------------------------------------------------------

    /** Where in a handler. */
    enum Place {
        IN_THE_HANDLER,
        IN_A_STAGE,
        OF_A_STAGE,
        READING_THE_BODY,
        ANSWERED,
        ANSWERED_LATER,
        KEYS_OF_A_MAP,
        UPDATED,
        EMITTED,
        REPLIED
    }

    private static @Nullable Object handle(Message message, Turn<Object> turn) {
        String place = message.headers().get("place");
        if (place == null) {
            return turn.pass();
        }
        Planted kind = Planted.valueOf(message.verb());
        if (place.equals("ECHO")) {
            return message.body(Object.class);
        }
        if (place.equals("ASK")) {
            return Thread.currentThread().isInterrupted();
        }
        if (place.equals("STREAM")) {
            return stream(message.headers().get("broken"), kind);
        }
        turn.update("half done");
        return switch (Place.valueOf(place)) {
            case IN_THE_HANDLER -> kind.raise();
            case IN_A_STAGE -> CompletableFuture.supplyAsync(kind::raise, Runnable::run);
            case OF_A_STAGE -> new Stage(kind);
            case READING_THE_BODY -> message.body(Trap.class);
            case ANSWERED -> new Bomb(kind);
            case ANSWERED_LATER -> CompletableFuture.completedFuture(new Bomb(kind));
            case KEYS_OF_A_MAP -> twoKeys(kind);
            case UPDATED -> {
                turn.update(new Bomb(kind));
                yield null;
            }
            case EMITTED -> {
                turn.emit("things", Message.of("update", new Bomb(kind)).key("k"));
                yield null;
            }
            case REPLIED -> {
                turn.reply(1);
                turn.reply(new Bomb(kind));
                yield null;
            }
        };
    }

    private static Map<Prickly, Integer> twoKeys(Planted kind) {
        Map<Prickly, Integer> map = new HashMap<>();
        map.put(new Prickly(kind), 1);
        map.put(new Prickly(kind), 2);
        return map;
    }

    /** A stage nobody can follow. */
    private static final class Stage extends CompletableFuture<Object> {
        private final Planted kind;

        Stage(Planted kind) {
            this.kind = kind;
        }

        @Override
        public CompletableFuture<Object> whenComplete(
                BiConsumer<? super Object, ? super Throwable> action) {
            return kind.raise();
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void whatAHandlerThrowsFailsItsCallAndChangesNothing(Place place) {
        for (String service : List.of("things", "quick")) {
            Service<Object> client = mesh.service(CLIENT, service);
            Map<Planted, Call<?>> calls =
                    each(
                            kind ->
                                    client.send(
                                            Message.of(kind.name(), Map.of("made", kind))
                                                    .key(place + "-" + kind)
                                                    .header("place", place.name())));

            calls.forEach(
                    (kind, call) -> {
                        TuliException failed = failureOf(call);
                        assertThat(failed.outcome()).as("%s", failed).isEqualTo(Outcome.FAILED);
                        assertThat(failed.category()).isNotNull();
                        assertThat(failed.getMessage()).hasSizeBetween(5, 1_300);
                        Object there = soon(client.read(place + "-" + kind, Object.class).reply());
                        assertThat(there).isNull();
                    });
            each(kind -> client.update(place + "-" + kind, "next"))
                    .values()
                    .forEach(call -> assertThat(call.reply()).succeedsWithin(SOON));
        }
    }

    @Test
    void aLoopThatAHandlerInterruptedIsInterruptedForNobodyElse() {
        Service<Object> quick = mesh.service(CLIENT, "quick");
        for (int i = 0; i < 50; i++) {
            Call<Object> interrupting =
                    quick.send(
                            Message.of(Planted.INTERRUPTED.name())
                                    .key("interrupting")
                                    .header("place", Place.IN_THE_HANDLER.name()));
            Call<Object> asking =
                    quick.send(
                            Message.of(Planted.INTERRUPTED.name())
                                    .key("interrupting")
                                    .header("place", "ASK"));

            assertThat(failureOf(interrupting).failure()).isEqualTo(Failure.HANDLER_FAILED);
            assertThat(soon(asking.reply())).isEqualTo(false);
        }
    }

    // ---- types ---------------------------------------------------------------------------------

    @Test
    void whatATypeThrowsRefusesTheDocument() {
        Service<Object> traps = mesh.service(CLIENT, "traps");

        each(kind -> traps.update("k" + kind, Map.of("made", kind)))
                .forEach(
                        (kind, call) -> {
                            TuliException failed = failureOf(call);
                            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
                            assertThat(failed.failure()).isEqualTo(Failure.BAD_REQUEST);
                            assertThat(traps.state()).doesNotContainKey("k" + kind);
                        });
    }

    @Test
    void whatATypeThrowsIsTheFailureOfWhoReads() {
        Service<Object> things = mesh.service(CLIENT, "things");
        Service<Trap> typed = mesh.member(CLIENT).use("things", Trap.class);
        each(kind -> things.update("trap" + kind, Map.of("made", kind)))
                .values()
                .forEach(call -> soon(call.reply()));

        for (Planted kind : Planted.values()) {
            String key = "trap" + kind;
            assertThatThrownBy(() -> typed.state().get(key)).isInstanceOf(TuliException.class);
            assertThatThrownBy(() -> things.get(key, Trap.class)).isInstanceOf(TuliException.class);
            assertThat(things.get(key + ".made", String.class)).isEqualTo(kind.name());
        }
        typed.state().forEach((key, value) -> assertThat(key).doesNotStartWith("trap"));
        assertThat(typed.state().values()).doesNotContainNull();
    }

    @Test
    void whatCannotBeWrittenIsRefusedAtItsCaller() {
        Service<Object> things = mesh.service(CLIENT, "things");

        each(kind -> things.update("bomb" + kind, new Bomb(kind)))
                .values()
                .forEach(
                        call ->
                                assertThat(failureOf(call).failure())
                                        .isEqualTo(Failure.BAD_REQUEST));
        each(kind -> things.patch("bomb" + kind, Map.of(new Prickly(kind), 1)))
                .values()
                .forEach(call -> assertThat(failureOf(call).outcome()).isEqualTo(Outcome.FAILED));
    }

    @Test
    void aReplyOfATypeThatThrowsWasExecuted() {
        Service<Object> things = mesh.service(CLIENT, "things");

        each(kind ->
                        things.send(
                                Message.of(kind.name(), Map.of("made", kind))
                                        .key("echo" + kind)
                                        .header("place", "ECHO"),
                                Trap.class))
                .values()
                .forEach(
                        call -> {
                            TuliException failed = failureOf(call);
                            assertThat(failed.outcome()).isEqualTo(Outcome.OK);
                            assertThat(failed.failure()).isEqualTo(Failure.BAD_REQUEST);
                        });
    }

    // ---- streams -------------------------------------------------------------------------------

    /** A stream of three items that throws from one of its methods. */
    private record Items(String broken, Planted kind)
            implements Iterator<Object>, AutoCloseable, Flow.Publisher<Object>, Flow.Subscription {

        private void called(String method) {
            if (method.equals(broken)) {
                kind.raise();
            }
        }

        @Override
        public boolean hasNext() {
            called("hasNext");
            return true;
        }

        @Override
        public Object next() {
            called("next");
            return 1;
        }

        @Override
        public void close() {
            called("close");
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Object> subscriber) {
            called("subscribe");
            subscriber.onSubscribe(this);
            subscriber.onNext(new Bomb(kind));
        }

        @Override
        public void request(long n) {
            called("request");
        }

        @Override
        public void cancel() {
            called("cancel");
        }
    }

    private static Object stream(String broken, Planted kind) {
        Items items = new Items(broken, kind);
        boolean isPublisher = List.of("subscribe", "request", "cancel").contains(broken);
        return isPublisher
                ? items
                : StreamSupport.stream(spliterator(items), false).onClose(items::close);
    }

    private static Spliterator<Object> spliterator(Items items) {
        Iterator<Object> some =
                items.broken().equals("close") ? List.<Object>of(1, 2).iterator() : items;
        return Spliterators.spliteratorUnknownSize(some, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hasNext", "next", "close", "subscribe", "request", "cancel"})
    void whatAStreamThrowsEndsItsReplies(String broken) {
        Service<Object> things = mesh.service(CLIENT, "things");
        Map<Planted, Collected<Object>> all = new EnumMap<>(Planted.class);
        for (Planted kind : Planted.values()) {
            Collected<Object> items = new Collected<>();
            things.send(
                            Message.of(kind.name())
                                    .key("stream" + kind)
                                    .header("place", "STREAM")
                                    .header("broken", broken))
                    .replies()
                    .subscribe(items);
            all.put(kind, items);
        }

        await().atMost(AT_ONCE)
                .untilAsserted(
                        () ->
                                assertThat(all)
                                        .allSatisfy(
                                                (kind, items) ->
                                                        assertThat(items.isOver())
                                                                .as(kind.name())
                                                                .isTrue()));
    }

    // ---- folds and partitioners ----------------------------------------------------------------

    /** Where in a fold. */
    enum FoldPlace {
        IN_THE_FOLD,
        IN_ITS_LIST,
        IN_A_BODY,
        READING_THE_CHANGE,
        WITHOUT_A_KEY,
        WITHOUT_AN_ID
    }

    private static List<Message> folded(Change change) {
        if (change.key().top().startsWith("next")) {
            return List.of(Message.of("update", "next").key(change.key()));
        }
        Planted kind = Planted.valueOf(change.key().below().getFirst());
        Message empty = Message.of("update").key("k");
        return switch (FoldPlace.valueOf(change.key().top())) {
            case IN_THE_FOLD -> kind.raise();
            case IN_ITS_LIST -> new Broken(kind);
            case IN_A_BODY -> List.of(Message.of("update", new Bomb(kind)).key("k"));
            case READING_THE_CHANGE -> List.of(Message.of("update", change.value(Trap.class)));
            case WITHOUT_A_KEY -> List.of(empty.key((Key) nothing()));
            case WITHOUT_AN_ID -> List.of(empty.id((RequestId) nothing()));
        };
    }

    // What users do all the same.
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    /** A list that throws. */
    private static final class Broken extends AbstractList<Message> {
        private final Planted kind;

        Broken(Planted kind) {
            this.kind = kind;
        }

        @Override
        public Message get(int index) {
            return kind.raise();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @ParameterizedTest
    @EnumSource(FoldPlace.class)
    void whatAFoldThrowsLeavesThatChangeOutAndTheNextIsFolded(FoldPlace place) {
        Service<Object> sources = mesh.service(CLIENT, "sources");
        Service<Object> folded = mesh.service(CLIENT, "folded");
        each(kind -> sources.update(Key.of(place.name(), kind.name()), Map.of("made", kind)))
                .values()
                .forEach(call -> soon(call.reply()));

        for (int i = 0; i < 16; i++) {
            soon(sources.update("next" + place + i, i).reply());
        }

        for (int i = 0; i < 16; i++) {
            String next = "next" + place + i;
            await(next)
                    .atMost(SOON)
                    .pollDelay(Duration.ZERO)
                    .until(() -> "next".equals(folded.state().get(next)));
        }
        assertThat(folded.state()).doesNotContainKey("k");
    }

    @Test
    void aKeyThatCannotBePlacedIsPlacedByItself() {
        Service<Object> placed = mesh.service(CLIENT, "placed");

        each(kind -> placed.update("bad" + kind, kind))
                .values()
                .forEach(call -> assertThat(call.reply()).succeedsWithin(SOON));
        for (Planted kind : Planted.values()) {
            assertThat(placed.state()).containsKey("bad" + kind);
        }
    }

    @ParameterizedTest
    @EnumSource(Planted.class)
    void whatAMergeFunctionThrowsLeavesTheDecisionToTheLaterWrite(Planted kind) {
        List<String> told = new CopyOnWriteArrayList<>();
        Payload document = Payload.json("{\"made\":null}");
        Payload trap = Payload.json("{\"made\":\"" + kind + "\"}");
        ServiceConfig<Trap> config = ServiceConfig.of("merged", Trap.class);
        ServiceConfig<Object> free = ServiceConfig.of("merged", Object.class);
        JsonCodec codec = new JsonCodec(Limits.defaults());

        assertThat(merged(config.merge((k, b, w, l) -> kind.raise()), codec, document, told))
                .isNull();
        assertThat(merged(config.merge((k, b, w, l) -> w), codec, trap, told)).isNull();
        assertThat(merged(free.merge((k, b, w, l) -> new Bomb(kind)), codec, document, told))
                .isNull();

        assertThat(told).hasSize(3).allSatisfy(text -> assertThat(text).hasSizeLessThan(2_000));
    }

    private static @Nullable Payload merged(
            ServiceConfig<?> config, JsonCodec codec, Payload document, List<String> told) {
        return new Merging<>(config, codec, told::add)
                .merge(Key.of("k"), document, document, document);
    }

    // ---- means ---------------------------------------------------------------------------------

    /** A call for each that can be thrown, all at once. */
    private static Map<Planted, Call<?>> each(Function<Planted, Call<?>> call) {
        Map<Planted, Call<?>> calls = new EnumMap<>(Planted.class);
        for (Planted kind : Planted.values()) {
            calls.put(kind, call.apply(kind));
        }
        return calls;
    }

    private static TuliException failureOf(Call<?> call) {
        try {
            throw new AssertionError("it ended OK: " + soon(call.reply()));
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof TuliException known) {
                return known;
            }
            throw failed;
        }
    }
}
