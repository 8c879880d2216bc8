package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Overflow;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-39: who comes late has the last of each subject, from those who published it and live. */
@Tag("PT-39")
class LastValueTest {

    private static final ServiceConfig<Void> PRICES =
            ServiceConfig.stateless("prices", (message, turn) -> null);

    private final TestMeshes meshes = new TestMeshes();
    private Mesh mesh;
    private Service<Void> first;
    private Service<Void> second;

    @BeforeEach
    void start() {
        mesh = meshes.server();
        first = mesh.serve(PRICES);
        second = meshes.server().serve(PRICES);
        await().atMost(SOON).until(() -> mesh.members().size() == 2);
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    private Service<Void> client() {
        return meshes.client().use(ServiceConfig.stateless("prices"));
    }

    /** What a feed has brought: subject, value, and whether it was kept. */
    private static final class Ear {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final EventFeed.Running running;

        Ear(EventFeed feed) {
            running = feed.each(event -> heard.add(text(event)));
            running.ready().orTimeout(20, TimeUnit.SECONDS).join();
        }

        private static String text(Event event) {
            return event.subject() + (event.isLast() ? " was " : " is ") + event.value();
        }

        void hears(String... texts) {
            await().atMost(SOON).until(() -> heard.size() >= texts.length);
            assertThat(heard).containsExactlyInAnyOrder(texts);
        }
    }

    @Test
    void whoComesLateHasTheLastOfEachSubjectAndWhatComesThen() {
        first.retain("eu.milan", 1);
        first.retain("eu.milan", 2);
        first.retain("eu.rome", 3);
        second.retain("us.nyc", 4);
        first.publish("eu.oslo", 5);
        first.retain("eu.gone", 6);
        first.retain("eu.gone", null);

        for (Service<Void> each : List.of(first, second, client())) {
            Ear ear = new Ear(each.events().subjects("eu.>", "us.*").withLast());
            ear.hears("eu.milan was 2", "eu.rome was 3", "us.nyc was 4");
            assertThat(ear.running.missed()).isZero();
            Ear without = new Ear(each.events());

            assertThat(first.retain("eu.milan", 2)).isPositive();
            second.publish("us.la", 7);

            without.hears("eu.milan is 2", "us.la is 7");
            ear.hears(
                    "eu.milan was 2",
                    "eu.rome was 3",
                    "us.nyc was 4",
                    "eu.milan is 2",
                    "us.la is 7");
            ear.running.close();
            without.running.close();
        }
    }

    @Test
    void ofSeveralWhoKeepOneSubjectTheNewestWins() {
        first.retain("rate", "old");
        second.retain("rate", "new");

        for (Service<Void> each : List.of(first, second, client())) {
            Ear ear = new Ear(each.events().withLast());
            await().atMost(SOON).until(() -> ear.heard.contains("rate was new"));
            assertThat(ear.heard.getLast()).isEqualTo("rate was new");
        }
    }

    @Test
    void whatADeadMemberKeptIsGoneWithItAndWhoHadItHasIt() {
        Mesh doomed = meshes.server();
        Service<Void> dying = doomed.serve(PRICES);
        dying.retain("a", 1);
        second.retain("b", 2);
        Ear before = new Ear(first.events().withLast());
        before.hears("a was 1", "b was 2");

        doomed.close(Duration.ZERO);
        await().atMost(SOON).until(() -> mesh.members().size() == 2);

        new Ear(first.events().withLast()).hears("b was 2");
        assertThat(before.heard).hasSize(2);
    }

    @Test
    void afterAServiceWasClosedAndHadAgainNothingIsKept() {
        first.retain("a", 1);
        first.close(Duration.ZERO);
        Service<Void> again = mesh.serve(PRICES);

        again.retain("b", 2);

        new Ear(second.events().withLast()).hears("b was 2");
    }

    @Test
    void aLinkThatComesBackBringsWhatWasKeptMeanwhileAndNothingTwice() {
        first.retain("a", 1);
        Ear ear = new Ear(second.events().withLast());
        ear.hears("a was 1");
        var link =
                Objects.requireNonNull(
                        context(mesh).transport().link(meshes.all().get(1).self().id()));

        link.close("in a test");
        first.retain("a", 2);
        first.retain("b", 3);

        await().atMost(SOON)
                .until(() -> Set.copyOf(ear.heard).size() >= 3 && ear.heard.size() == 3);
        Set<String> ends =
                ear.heard.stream()
                        .map(text -> text.replace(" was ", " ").replace(" is ", " "))
                        .collect(Collectors.toSet());
        assertThat(ends).isEqualTo(Set.of("a 1", "a 2", "b 3"));
    }

    @Test
    void aSlowConsumerWithALittleRoomGetsAllThatIsKept() {
        int subjects = 1_500;
        byte[] body = new byte[2_000];
        for (int i = 0; i < subjects; i++) {
            (i % 2 == 0 ? first : second).retain("s." + i, body);
        }

        for (Overflow policy : List.of(Overflow.DROP_OLDEST, Overflow.FAIL)) {
            Ear ear = new Ear(client().events().withLast().limit(20).overflow(policy));
            await().atMost(SOON).until(() -> ear.heard.size() == subjects);
            assertThat(ear.heard.stream().map(text -> text.split(" ")[0]))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, subjects).mapToObj(i -> "s." + i).toList());
            assertThat(ear.running.dropped()).isZero();
            assertThat(ear.running.missed()).isZero();
        }
    }

    @Test
    void aConsumerThatThrowsOrNeverEndsHoldsUpNobody() {
        for (int i = 0; i < 100; i++) {
            first.retain("s." + i, i);
        }
        EventFeed.Running thrower =
                second.events()
                        .withLast()
                        .limit(5)
                        .each(
                                event -> {
                                    throw new StackOverflowError("as users' code does");
                                });
        assertThat(thrower.ended()).failsWithin(20, TimeUnit.SECONDS);

        assertThat(new Ear(second.events().withLast()).heard).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhatToDo() {
        refused(Failure.METHOD_NOT_ALLOWED, () -> client().retain("a", 1), "without client()");
        refused(Failure.BAD_REQUEST, () -> first.retain("a.*", 1), "not to a pattern");
        refused(
                Failure.BAD_REQUEST,
                () -> first.events().group("g").withLast(),
                "feeds that are in none");
        refused(
                Failure.BAD_REQUEST,
                () -> first.events().withLast().group("g"),
                "feeds that are in none");
    }

    private static void refused(
            Failure failure,
            org.assertj.core.api.ThrowableAssert.ThrowingCallable what,
            String why) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(failure))
                .hasMessageContaining(why);
    }
}
