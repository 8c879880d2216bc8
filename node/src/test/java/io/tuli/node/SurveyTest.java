package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.Service.Answers;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All servers asked at once, and what has become of each. */
class SurveyTest {

    private static final String WORK = "work";

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    private Mesh serves(Handler<Void> handler) {
        Mesh server = meshes.server();
        server.serve(ServiceConfig.stateless(WORK, handler));
        return server;
    }

    private Mesh blocked() {
        return serves((message, turn) -> mayEnd.await(20, TimeUnit.SECONDS));
    }

    private Mesh named() {
        Mesh server = meshes.server();
        server.serve(ServiceConfig.stateless(WORK, (message, turn) -> server.self().name()));
        return server;
    }

    /** A client outside the group, once it sees so many servers and has a link to each. */
    private Service<Void> usedOf(int servers) {
        Mesh client = meshes.client();
        Service<Void> work = client.use(ServiceConfig.stateless(WORK));
        await().atMost(SOON)
                .until(
                        () ->
                                client.links().size() == servers
                                        && client.service(WORK)
                                                .filter(of -> of.servers().size() == servers)
                                                .isPresent());
        return work;
    }

    private static Message ask(Duration within) {
        return Message.of("GO").within(within);
    }

    private static <R> Answers<R> answers(Service.Survey survey, Message message, Class<R> as) {
        return survey.answers(message, as).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    @Tag("PT-20")
    void answersSayWhoseTheyAre() {
        List<Mesh> servers = List.of(named(), named(), named());
        Service<Void> work = usedOf(3);

        Map<Member, String> told = work.ask(Message.of("GO"), String.class, SOON);

        assertThat(told).hasSize(3);
        servers.forEach(each -> assertThat(told).containsEntry(each.self(), each.self().name()));
        Service<Void> own = servers.getFirst().use(ServiceConfig.stateless(WORK));
        assertThat(own.ask(Message.of("GO"), String.class, SOON)).isEqualTo(told);
    }

    @Test
    @Tag("PT-21")
    void itEndsWhenAsManyHaveAnsweredAsAreWanted() throws Exception {
        named();
        named();
        Mesh slow = blocked();
        Service<Void> work = usedOf(3);

        Answers<String> told = answers(work.all().first(2), ask(SOON), String.class);

        assertThat(told.values()).hasSize(2);
        assertThat(told.failed()).isEmpty();
        assertThat(told.silent()).containsExactly(slow.self());
        Collected<String> streamed = new Collected<>();
        work.all().first(2).send(ask(SOON), String.class).replies().subscribe(streamed);
        assertThat(streamed.all()).hasSize(2);
        assertThatThrownBy(() -> work.all().first(0)).hasMessageContaining("at least one");
    }

    @Test
    @Tag("PT-21")
    void whoSaysNothingInTimeIsSilent() {
        Mesh one = named();
        Mesh two = blocked();
        Service<Void> work = usedOf(2);
        long begun = System.nanoTime();

        Answers<String> told = answers(work.all(), ask(Duration.ofMillis(300)), String.class);

        assertThat(told.values()).containsOnlyKeys(one.self());
        assertThat(told.silent()).containsExactly(two.self());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(work.ask(Message.of("GO"), String.class, Duration.ofMillis(300))).hasSize(1);
    }

    @Test
    @Tag("PT-22")
    void whateverAHandlerThrowsIsThatMembersFailure() {
        Mesh good = named();
        Mesh refuses =
                serves(
                        (message, turn) -> {
                            throw Refusal.conflict("not now");
                        });
        Mesh overflows =
                serves(
                        (message, turn) -> {
                            throw new StackOverflowError("as it was meant");
                        });
        Mesh unreadable = serves((message, turn) -> Map.of("no", "text"));
        Service<Void> work = usedOf(4);

        Answers<Integer> none = answers(work.all(), ask(SOON), Integer.class);
        Answers<String> told = answers(work.all(), ask(SOON), String.class);

        assertThat(told.values()).containsOnlyKeys(good.self());
        assertThat(told.failed())
                .containsOnlyKeys(refuses.self(), overflows.self(), unreadable.self());
        assertThat(told.failed().get(refuses.self())).isInstanceOf(Refusal.class);
        assertThat(failure(told, overflows)).isEqualTo(Failure.HANDLER_FAILED);
        assertThat(failure(told, unreadable)).isEqualTo(Failure.BAD_REQUEST);
        assertThat(none.values()).isEmpty();
        assertThat(none.failed()).hasSize(4);
        assertThatThrownBy(() -> work.ask(Message.of("GO"), Integer.class, SOON))
                .isInstanceOf(TuliException.class);
    }

    private static Failure failure(Answers<?> of, Mesh member) {
        TuliException failed = of.failed().get(member.self());
        assertThat(failed).isNotNull();
        return failed.failure();
    }

    @Test
    @Tag("PT-22")
    void whoDiesInTheMiddleHasFailedAtOnce() {
        named();
        AtomicInteger asked = new AtomicInteger();
        Mesh dies =
                serves(
                        (message, turn) -> {
                            asked.incrementAndGet();
                            return mayEnd.await(20, TimeUnit.SECONDS);
                        });
        Service<Void> work = usedOf(2);
        CompletableFuture<Answers<String>> survey =
                work.all().answers(ask(Duration.ofMinutes(5)), String.class);
        await().atMost(SOON).until(() -> asked.get() == 1);

        TestMeshes.context(dies).transport().close();

        Answers<String> told = survey.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(told.values()).hasSize(1);
        assertThat(told.failed()).containsOnlyKeys(dies.self());
        assertThat(failure(told, dies)).isEqualTo(Failure.UNAVAILABLE);
    }

    @Test
    @Tag("PT-22")
    void whoIsFullSaysSoAndNobodyIsNobody() {
        AtomicInteger asked = new AtomicInteger();
        Mesh full = meshes.server();
        full.serve(
                ServiceConfig.stateless(
                                WORK,
                                (message, turn) -> {
                                    asked.incrementAndGet();
                                    return mayEnd.await(20, TimeUnit.SECONDS);
                                })
                        .capacity(1)
                        .queue(0));
        Service<Void> work = usedOf(1);
        work.any().send(ask(SOON));
        await().atMost(SOON).until(() -> asked.get() == 1);

        Answers<String> told = answers(work.all(), ask(SOON), String.class);

        assertThat(failure(told, full)).isEqualTo(Failure.OVERLOADED);
        Service<Void> nobodys = full.use(ServiceConfig.stateless("nobodys"));
        Answers<String> none = answers(nobodys.all(), ask(SOON), String.class);
        assertThat(none).isEqualTo(new Answers<>(Map.of(), Map.of(), java.util.Set.of()));
        assertThat(nobodys.ask(Message.of("GO"), String.class, SOON)).isEmpty();
    }

    @Test
    @Tag("PT-23")
    void tenThousandAnswersAreEachCountedOnce() {
        for (int i = 0; i < 4; i++) {
            Mesh server = meshes.server();
            server.serve(
                    ServiceConfig.stateless(WORK, (message, turn) -> server.self().name())
                            .capacity(5_000));
        }
        Service<Void> work = usedOf(4);
        List<CompletableFuture<Answers<String>>> surveys = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            surveys.add(work.all().answers(ask(SOON), String.class));
        }

        int answers = 0;
        for (CompletableFuture<Answers<String>> each : surveys) {
            Answers<String> told = each.orTimeout(60, TimeUnit.SECONDS).join();
            assertThat(told.failed()).isEmpty();
            assertThat(told.silent()).isEmpty();
            told.values().forEach((by, name) -> assertThat(name).isEqualTo(by.name()));
            answers += told.values().size();
        }

        assertThat(answers).isEqualTo(10_000);
        await().atMost(SOON)
                .until(() -> TestMeshes.context(meshes.all().getLast()).calls().inFlight() == 0);
    }

    @Test
    void whoGivesASurveyUpIsWaitedForNoMore() {
        blocked();
        Service<Void> work = usedOf(1);
        CompletableFuture<Answers<String>> survey =
                work.all().answers(ask(Duration.ofMinutes(5)), String.class);

        survey.cancel(false);

        await().atMost(SOON)
                .until(() -> TestMeshes.context(meshes.all().getLast()).calls().inFlight() == 0);
    }
}
