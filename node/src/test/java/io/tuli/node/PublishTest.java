package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Publishing and listening between real members: two servers and two clients. */
class PublishTest {

    private static final Duration SECOND = Duration.ofSeconds(5);

    private final TestMeshes meshes = new TestMeshes();
    private final List<Service<Object>> all = new ArrayList<>();
    private Mesh first;

    @BeforeEach
    void start() {
        first = meshes.server();
        all.add(first.serve("prices", Object.class));
        all.add(meshes.server().serve("prices", Object.class));
        all.add(meshes.client().use("prices", Object.class));
        all.add(meshes.client().use("prices", Object.class));
        await().atMost(SOON).until(() -> first.members().size() == 4);
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    /** What one subscriber has heard. */
    private static final class Ear {

        final List<String> heard = new CopyOnWriteArrayList<>();
        final Map<MemberId, List<String>> from = new ConcurrentHashMap<>();
        final EventFeed.Running running;

        Ear(EventFeed feed) {
            running =
                    feed.each(
                            event -> {
                                String text = event.subject() + "=" + event.value();
                                heard.add(text);
                                from.computeIfAbsent(
                                                event.publisher(),
                                                id -> new CopyOnWriteArrayList<>())
                                        .add(text);
                            });
        }

        List<String> by(Mesh publisher) {
            return from.getOrDefault(publisher.self().id(), List.of());
        }

        Ear ready() {
            running.ready().orTimeout(20, TimeUnit.SECONDS).join();
            return this;
        }
    }

    private List<Ear> everywhere(String group) {
        List<Ear> ears = new ArrayList<>();
        for (Service<Object> each : all) {
            EventFeed feed = each.events().subjects("eu.*.price");
            ears.add(new Ear(group.isEmpty() ? feed : feed.group(group)));
        }
        ears.forEach(Ear::ready);
        return ears;
    }

    @Test
    @Tag("PT-31")
    @Tag("PT-33")
    @Tag("PT-36")
    @Tag("CO-14")
    @Tag("CO-15")
    @Tag("FD-57")
    @Tag("IR-09")
    @Tag("IR-10")
    @Tag("NC-10")
    void allWhoListenHearWhatAnyMemberPublishesOnceAndInItsOrder() {
        List<Ear> ears = everywhere("");

        for (int i = 0; i < 100; i++) {
            for (Service<Object> each : all) {
                assertThat(each.publish("eu.milan.price", i)).isGreaterThan(1);
                assertThat(each.publish("eu.milan.volume", i)).isZero();
            }
        }

        for (Ear ear : ears) {
            await().atMost(SOON).until(() -> ear.heard.size() >= 400);
            assertThat(ear.heard).hasSize(400);
            for (Mesh by : meshes.all()) {
                assertThat(ear.by(by))
                        .isEqualTo(
                                IntStream.range(0, 100)
                                        .mapToObj(i -> "eu.milan.price=" + i)
                                        .toList());
            }
            assertThat(ear.running.missed()).isZero();
            assertThat(ear.running.dropped()).isZero();
        }
    }

    @Test
    @Tag("PT-39")
    @Tag("SP-07")
    @Tag("NC-02")
    void nobodyHearsWhatNobodyWants() {
        for (Service<Object> each : all) {
            assertThat(each.publish("eu.milan.price", new Object() {})).isZero();
            assertThat(each.publish("eu.milan.price", 1, SECOND).join()).isZero();
        }
    }

    @Test
    @Tag("PT-32")
    @Tag("PT-39")
    void whoPublishesIsToldHowManyHeardIt() {
        List<Ear> ears = everywhere("");
        new Ear(all.get(3).events()).ready();

        for (Service<Object> each : all) {
            assertThat(each.publish("eu.milan.price", "x", SECOND).join()).isEqualTo(5);
        }
        assertThat(ears).hasSize(4);
        List<Integer> read = new CopyOnWriteArrayList<>();
        List<Integer> body =
                new AbstractList<>() {
                    @Override
                    public Integer get(int index) {
                        read.add(index);
                        return 7;
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                };
        assertThat(all.getFirst().publish("eu.milan.price", body, SECOND).join()).isEqualTo(5);
        assertThat(read).as("it is written once for all").hasSize(1);
    }

    @Test
    @Tag("PT-34")
    @Tag("NC-03")
    void ofEachGroupOneHears() {
        List<Ear> mailers = everywhere("mailer");
        List<Ear> audit = everywhere("audit");

        for (Service<Object> each : all) {
            for (int i = 0; i < 200; i++) {
                assertThat(each.publish("eu.milan.price", i, SECOND).join()).isEqualTo(2);
            }
        }

        for (List<Ear> group : List.of(mailers, audit)) {
            await().atMost(SOON).until(() -> heardBy(group) >= 800);
            assertThat(heardBy(group)).isEqualTo(800);
            assertThat(group).allMatch(ear -> ear.heard.size() > 50);
        }
    }

    private static int heardBy(List<Ear> ears) {
        return ears.stream().mapToInt(ear -> ear.heard.size()).sum();
    }

    @Test
    @Tag("NC-10")
    void whoWantsNoEchoDoesNotHearItsOwnMember() {
        Ear ear = new Ear(all.getFirst().events().noEcho()).ready();
        Ear other = new Ear(all.getFirst().events()).ready();

        all.getFirst().publish("own", 1);
        all.get(1).publish("other", 2);

        await().atMost(SOON).until(() -> other.heard.size() == 2);
        assertThat(ear.heard).containsExactly("other=2");
    }

    @Test
    @Tag("FD-61")
    @Tag("IR-12")
    void whoHasLeftHearsNothingAndNothingIsSentThere() {
        List<Ear> ears = everywhere("");
        ears.forEach(ear -> ear.running.close());

        for (Service<Object> each : all) {
            await().atMost(SOON).until(() -> each.publish("eu.milan.price", 1) == 0);
        }
        Ear late = new Ear(all.getFirst().events()).ready();
        all.get(1).publish("new", 2);
        await().atMost(SOON).until(() -> !late.heard.isEmpty());
        assertThat(late.heard).containsExactly("new=2");
        assertThat(ears).allMatch(ear -> ear.running.ended().toCompletableFuture().isDone());
    }

    @Test
    @Tag("PT-35")
    void whoJoinsLaterHearsAndIsHeard() {
        Ear ear = new Ear(all.get(2).events().subjects("eu.>")).ready();
        Service<Object> server = meshes.server().serve("prices", Object.class);
        Service<Object> client = meshes.client().use("prices", Object.class);

        await().atMost(SOON).until(() -> server.publish("eu.x", 1) > 0);
        await().atMost(SOON).until(() -> client.publish("eu.y", 2) > 0);
        await().atMost(SOON).until(() -> ear.heard.containsAll(List.of("eu.x=1", "eu.y=2")));
        Ear later = new Ear(client.events()).ready();
        assertThat(all.get(3).publish("us.z", 3)).isPositive();
        await().atMost(SOON).until(() -> later.heard.contains("us.z=3"));
    }

    @Test
    @Tag("PT-36")
    void aClientWhoseHomeIsGoneIsRelayedToByTheNextOne() {
        Ear ear = new Ear(all.get(2).events().subjects("eu.>")).ready();

        for (Mesh server : List.copyOf(meshes.all()).subList(0, 1)) {
            server.close(Duration.ZERO);
        }

        await().atMost(SOON).until(() -> meshes.all().get(1).members().size() == 3);
        await().atMost(SOON)
                .until(
                        () -> {
                            all.get(3).publish("eu.again", 1);
                            return ear.heard.contains("eu.again=1");
                        });
    }

    @Test
    @Tag("PT-38")
    @Tag("NC-09")
    @Tag("SP-08")
    void aConsumerThatIsTooSlowLosesByItsPolicyAndIsToldOfOnce() throws Exception {
        List<MeshEvent> slow = new CopyOnWriteArrayList<>();
        first.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.SUBSCRIBER_SLOW) {
                        slow.add(event);
                    }
                });
        CountDownLatch mayGoOn = new CountDownLatch(1);
        List<Slow> consumers = new ArrayList<>();
        for (Overflow policy :
                List.of(Overflow.DROP_OLDEST, Overflow.DROP_NEWEST, Overflow.LATEST)) {
            consumers.add(new Slow(all.getFirst().events().limit(10).overflow(policy), mayGoOn));
        }
        Slow failing = new Slow(all.getFirst().events().limit(10).overflow(Overflow.FAIL), mayGoOn);

        all.get(1).publish("begin", -1);
        await().atMost(SOON).until(() -> consumers.stream().allMatch(each -> each.has() == 1));
        for (int i = 0; i < 100; i++) {
            all.get(1).publish("s" + i % 5, i);
        }
        assertThat(all.get(1).publish("s", -2, SECOND).join()).isEqualTo(2);
        mayGoOn.countDown();

        for (Slow each : consumers) {
            await().atMost(SOON).until(() -> each.has() + each.running.dropped() == 102);
        }
        assertThat(consumers.get(0).heard).hasSize(11).startsWith(-1, 91).endsWith(99, -2);
        assertThat(consumers.get(1).heard).hasSize(11).startsWith(-1, 0).endsWith(9);
        assertThat(consumers.get(2).heard).containsExactly(-1, 95, 96, 97, 98, 99, -2);
        assertThat(failing.running.ended())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("must keep up");
        assertThat(slow).hasSize(2).allMatch(event -> event.service().orElse("").equals("prices"));
    }

    /** A consumer that waits at its first event. */
    private static final class Slow {

        final List<Integer> heard = new CopyOnWriteArrayList<>();
        final EventFeed.Running running;

        Slow(EventFeed feed, CountDownLatch mayGoOn) {
            running =
                    feed.each(
                            event -> {
                                heard.add(event.value(Integer.class));
                                try {
                                    mayGoOn.await();
                                } catch (InterruptedException closed) {
                                    throw new IllegalStateException(closed);
                                }
                            });
            running.ready().orTimeout(20, TimeUnit.SECONDS).join();
        }

        int has() {
            return heard.size();
        }
    }

    @Test
    void aConsumerThatThrowsEndsItsOwnFeedAndNobodyElses() {
        Ear other = new Ear(all.getFirst().events()).ready();
        AtomicInteger calls = new AtomicInteger();
        EventFeed.Running thrower =
                all.getFirst()
                        .events()
                        .each(
                                event -> {
                                    calls.incrementAndGet();
                                    throw new StackOverflowError("as users' code does");
                                });
        thrower.ready().orTimeout(20, TimeUnit.SECONDS).join();

        all.get(1).publish("a", 1);
        assertThat(thrower.ended())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(StackOverflowError.class);
        all.get(1).publish("a", 2);

        await().atMost(SOON).until(() -> other.heard.size() == 2);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aStreamAndAPublisherHearTheSame() throws Exception {
        Collected<Event> collected = new Collected<>();
        all.getFirst().events().publisher().subscribe(collected);
        try (Stream<Event> stream = all.getFirst().events().filter(e -> true).stream()) {
            await().atMost(SOON).until(() -> all.get(1).publish("a", 1, SECOND).join() == 2);
            assertThat(stream.findFirst().orElseThrow().value(Integer.class)).isEqualTo(1);
        }
        await().atMost(SOON).until(() -> !collected.soFar().isEmpty());
        assertThat(collected.soFar().getFirst().publisher())
                .isEqualTo(meshes.all().get(1).self().id());
    }

    @Test
    @Tag("PT-30")
    @Tag("NC-01")
    void whatMakesNoSenseIsRefusedAndSaysWhatToDo() {
        Service<Object> prices = all.getFirst();
        EventFeed events = prices.events();

        refused(() -> prices.publish("eu.*.price", 1), "not to a pattern");
        refused(() -> prices.publish("", 1), "at least one token");
        refused(() -> prices.publish("$SYS", 1), "the library's");
        refused(() -> events.subjects("a..b"), "is not empty");
        refused(() -> events.subjects("a.>.b"), "is the last token");
        refused(() -> events.group("no such name!"), "a group's name");
        refused(() -> events.from(Position.start()), "use feed()");
        refused(() -> events.verbs("update"), "subjects(");
        refused(() -> events.keys("a.*"), "subjects(");
        refused(() -> events.overflow(Overflow.WAIT), "wait for nobody");
        assertThatThrownBy(() -> events.limit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> events.subjects()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> prices.feed().overflow(Overflow.LATEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("events()");
    }

    private static void refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable what, String why) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining(why);
    }

    @Test
    void aBodyThatDoesNotFitIsRefusedWhereSomebodyWantsIt() {
        Service<Object> prices = all.getFirst();
        byte[] large = new byte[2 << 20];
        assertThat(prices.publish("large", large)).isZero();
        new Ear(all.get(1).events()).ready();

        assertThatThrownBy(() -> prices.publish("large", large))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.TOO_LARGE));
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatThrownBy(() -> prices.publish("odd", endless)).isInstanceOf(TuliException.class);
    }

    @Test
    @Tag("NC-08")
    void aMemberThatClosesLetsConsumersFinishAndPublishesNothingMore() {
        List<String> heard = new CopyOnWriteArrayList<>();
        EventFeed.Running running =
                all.get(1)
                        .events()
                        .each(
                                event -> {
                                    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                                    heard.add(event.subject());
                                });
        running.ready().orTimeout(20, TimeUnit.SECONDS).join();
        for (int i = 0; i < 50; i++) {
            assertThat(all.getFirst().publish("s", i, SECOND).join()).isOne();
        }

        meshes.all().get(1).close(Duration.ZERO);

        assertThat(heard).hasSize(50);
        assertThat(running.ended().toCompletableFuture()).isCompleted();
        assertThatThrownBy(() -> all.get(1).publish("s", 1))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        closed -> assertThat(closed.failure()).isEqualTo(Failure.CLOSED));
        assertThatThrownBy(() -> all.get(1).events().each(event -> {}))
                .isInstanceOf(TuliException.class);
    }
}
