package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that handlers tell, in a mesh of two servers and a client. */
@Tag("PT-40")
class CommittedEventsTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static Service<Object> todos;
    private static Service<Object> second;
    private static Service<Object> used;
    private static Service<Object> audit;

    @BeforeAll
    static void serve() {
        Mesh one = MESHES.server();
        Mesh two = MESHES.server();
        Mesh client = MESHES.client();
        ServiceConfig<Object> config =
                ServiceConfig.of("todos", Object.class)
                        .inline("INLINE")
                        .handler(CommittedEventsTest::handle);
        ServiceConfig<Object> folding =
                ServiceConfig.of("audit", Object.class)
                        .handler(CommittedEventsTest::audit)
                        .fold("todos", change -> List.of(Message.of("SEEN").key("all")));
        todos = synced(one.serve(config));
        second = synced(two.serve(config));
        audit = synced(one.serve(folding));
        synced(two.serve(folding));
        used = synced(client.use("todos", Object.class));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static Object handle(Message message, Turn<Object> turn) {
        return switch (message.verb()) {
            case "INLINE", "MAKE" -> {
                turn.event("begun", null);
                turn.update(message.body(Object.class));
                turn.event("made", message.body(Object.class));
                yield "done";
            }
            case "CALL" -> {
                turn.event("called", 1, List.of("eu", "all"));
                turn.event("counted", 2);
                yield null;
            }
            case "SHOUT" -> {
                List<?> channels = message.body(List.class);
                List<String> names = channels.stream().map(String::valueOf).toList();
                turn.event("called", 1, names);
                yield null;
            }
            case "REMIND" -> {
                turn.event("reminded", message.body(Object.class));
                yield null;
            }
            default -> turn.pass();
        };
    }

    private static Object audit(Message message, Turn<Object> turn) {
        turn.event("seen", message.key().top());
        return "seen";
    }

    private static void send(Service<Object> by, Message message) {
        by.send(message).reply().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static List<String> told(Feed<Change> feed) {
        List<String> told = new CopyOnWriteArrayList<>();
        feed.each(change -> told.add(change.verb() + " " + change.event() + change.value()));
        return told;
    }

    private static void awaitAll(List<String> told, String... expected) {
        await().atMost(SOON).until(() -> told.size() >= expected.length);
        assertThat(told).containsExactly(expected);
    }

    @Test
    void theChannelsOfAnEventAreToldWithIt() {
        List<String> told = new CopyOnWriteArrayList<>();
        used.feed()
                .events()
                .keys("called")
                .each(change -> told.add(change.event() + change.channels()));
        send(second, Message.of("CALL").key("called"));

        awaitAll(told, "called[eu, all]", "counted[]");
    }

    @Test
    void channelsThatCannotBeAreRefused() {
        for (List<String> odd :
                List.of(List.of(""), List.of("x".repeat(101)), List.of("\ud800"), channels(17))) {
            assertThatThrownBy(() -> todos.send(Message.of("SHOUT", odd).key("shout")).await())
                    .isInstanceOf(TuliException.class)
                    .hasMessageContaining("channel");
        }
        send(todos, Message.of("SHOUT", channels(16)).key("shout"));
    }

    private static List<String> channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + "x".repeat(90)).toList();
    }

    @Test
    @Tag("PT-41")
    void everyMemberThatAsksIsToldEachEventOnceInTheOrderOfItsKey() {
        List<List<String>> told =
                List.of(todos, second, used).stream()
                        .map(each -> told(each.feed().verbs("update").events().keys("a")))
                        .toList();

        send(used, Message.of("MAKE", 1).key("a"));
        send(second, Message.of("INLINE", 2).key("a"));
        send(todos, Message.of("REMIND", 3).key("a"));

        for (List<String> each : told) {
            awaitAll(
                    each,
                    "update 1",
                    "event begunnull",
                    "event made1",
                    "update 2",
                    "event begunnull",
                    "event made2",
                    "event reminded3");
        }
    }

    @Test
    @Tag("PT-41")
    void aRepeatOfTheRequestTellsNoEventAgain() {
        List<String> told = told(second.feed().events().keys("b"));

        for (int i = 0; i < 3; i++) {
            send(i % 2 == 0 ? used : todos, Message.of("REMIND", "once").key("b").id("reminder-7"));
        }
        send(used, Message.of("REMIND", "last").key("b"));

        awaitAll(told, "event remindedonce", "event remindedlast");
    }

    @Test
    void aFeedThatBeginsElsewhereGoesOnRightAfterTheEventItStoppedAt() {
        send(used, Message.of("MAKE", 1).key("c"));
        List<Change> seen = new CopyOnWriteArrayList<>();
        Feed.Subscription first =
                todos.feed().events().keys("c").from(Position.start()).each(seen::add);
        await().atMost(SOON).until(() -> seen.size() == 2);
        first.close();
        Change begun = seen.get(0);
        assertThat(begun.event()).isEqualTo("begun");
        assertThat(begun.kind()).isEqualTo(Change.Kind.EVENT);
        assertThat(begun.key().toString()).isEqualTo("c");
        assertThat(begun.isOverruled()).isFalse();

        Position after =
                Position.exact(
                        new java.util.TreeMap<>(
                                java.util.Map.of(begun.partition(), begun.position())));
        List<String> rest = told(used.feed().events().keys("c").from(after));
        send(second, Message.of("REMIND", 2).key("c"));

        awaitAll(rest, "event made1", "event reminded2");
    }

    @Test
    void whatAFoldIsHandledWithTellsEventsToo() {
        List<String> told = told(audit.feed().events("seen"));

        send(used, Message.of("update", 5).key("d"));

        await().atMost(SOON).until(() -> told.contains("event seenall"));
    }
}
