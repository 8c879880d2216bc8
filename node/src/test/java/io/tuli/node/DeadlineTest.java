package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever holds it up, a call ends within 250 ms of its deadline, and says what it knows. */
@Tag("U1")
class DeadlineTest {

    private static final Duration WITHIN = Duration.ofMillis(400);
    private static final Duration GRACE = Duration.ofMillis(250);

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Handler<Object> blocked =
            (message, turn) -> message.verb().equals("GO") ? held(mayEnd) : turn.pass();

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    private static boolean held(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }

    private static Message go() {
        return Message.of("GO").key("k").within(WITHIN);
    }

    /** Waits for the end of a call made now; the failure it ends with. */
    private static TuliException endInTime(Call<?> call, long begunNanos) {
        try {
            call.reply().orTimeout(10, TimeUnit.SECONDS).join();
            throw new AssertionError("it ended OK: " + call);
        } catch (CompletionException failed) {
            Duration taken = Duration.ofNanos(System.nanoTime() - begunNanos);
            assertThat(taken).isLessThan(WITHIN.plus(GRACE));
            assertThat(failed).hasCauseInstanceOf(TuliException.class);
            return (TuliException) failed.getCause();
        }
    }

    private static void assertEnds(TuliException how, Outcome outcome, Failure failure) {
        assertThat(how.outcome()).as("%s", how).isEqualTo(outcome);
        assertThat(how.failure()).as("%s", how).isEqualTo(failure);
    }

    private static void assertEnds(Service<Object> to, Message what, Outcome how, Failure why) {
        long begun = System.nanoTime();
        assertEnds(endInTime(to.send(what), begun), how, why);
    }

    @Test
    void whereNobodyServes() {
        Service<Object> nobodys = meshes.server().use("nobodys", Object.class);

        assertEnds(nobodys, go(), Outcome.FAILED, Failure.NOT_FOUND);
    }

    @Test
    void whereTheHandlerDoesNotReturn() {
        meshes.server().serve("things", Object.class, blocked);
        Service<Object> client = meshes.client().use("things", Object.class);

        assertEnds(client, go(), Outcome.UNKNOWN, Failure.TIMEOUT);
    }

    @Test
    void behindAMessageOfTheSameKey() {
        Service<Object> server = meshes.server().serve("things", Object.class, blocked);
        Service<Object> client = meshes.client().use("things", Object.class);
        server.send(Message.of("GO").key("k"));

        assertEnds(client, go(), Outcome.UNKNOWN, Failure.TIMEOUT);
    }

    @Test
    @Tag("CO-10")
    @Tag("FD-42")
    @Tag("IR-06")
    void whatStillWaitsAtItsDeadlineIsNeverRun() {
        List<String> ran = new CopyOnWriteArrayList<>();
        Mesh server = meshes.server();
        server.serve("things", Object.class, noting("things", ran));
        server.serve(ServiceConfig.stateless("work", noting("work", ran)).capacity(1).queue(5));
        Mesh client = meshes.client();
        Service.Target things = client.use("things", Object.class).key("k");
        Service.Target work = client.use(ServiceConfig.stateless("work")).any();
        things.send(Message.of("FIRST"));
        work.send(Message.of("FIRST"));
        await().atMost(SOON).until(() -> ran.size() == 2);

        for (Service.Target each : List.of(things, work)) {
            long begun = System.nanoTime();
            Call<Object> second = each.send(Message.of("SECOND").within(WITHIN));
            assertThat(endInTime(second, begun).failure()).isEqualTo(Failure.TIMEOUT);
        }
        mayEnd.countDown();

        for (Service.Target each : List.of(things, work)) {
            each.send(Message.of("THIRD")).reply().orTimeout(10, TimeUnit.SECONDS).join();
        }
        assertThat(ran)
                .containsExactlyInAnyOrder(
                        "things FIRST", "work FIRST", "things THIRD", "work THIRD");
    }

    private <T> Handler<T> noting(String service, List<String> ran) {
        return (message, turn) -> {
            ran.add(service + " " + message.verb());
            return held(mayEnd);
        };
    }

    @Test
    void whereThereAreTooFewCopies() {
        Service<Object> only = meshes.server().serve("things", Object.class);
        Message twice = Message.of("update", 1).key("k").commit(Commit.copies(2)).within(WITHIN);

        assertEnds(only, twice, Outcome.UNKNOWN, Failure.TIMEOUT);
    }

    @Test
    void whereTheOwnersLoopsStandStill() {
        Mesh server = meshes.server();
        server.serve("things", Object.class);
        Service<Object> client = meshes.client().use("things", Object.class);
        client.update("k", 1).reply().join();
        CountDownLatch standing = new CountDownLatch(context(server).loops().count());
        context(server).loops().all().forEach(loop -> loop.post(() -> standStill(standing)));
        await().atMost(SOON).until(() -> standing.getCount() == 0);

        Message update = Message.of("update", 2).key("k").within(WITHIN);
        assertEnds(client, update, Outcome.UNKNOWN, Failure.TIMEOUT);
    }

    private void standStill(CountDownLatch standing) {
        standing.countDown();
        try {
            held(mayEnd);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereTheOwnerCannotBeReachedAnyMore() {
        Mesh server = meshes.server();
        server.serve("things", Object.class);
        Mesh mesh = meshes.client();
        Service<Object> client = mesh.use("things", Object.class);
        client.update("k", 1).reply().join();
        context(server).transport().close();
        await().atMost(SOON)
                .until(() -> context(mesh).transport().link(server.self().id()) == null);

        Message update = Message.of("update", 2).key("k").within(WITHIN);
        assertEnds(client, update, Outcome.FAILED, Failure.UNAVAILABLE);
    }

    @Test
    void whereTheOwnerTakesNothingFromItsLink() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, blocked);
        Mesh mesh = meshes.client();
        Service<Object> client = mesh.use("things", Object.class);
        client.update("k", 1).reply().join();
        Link link = context(server).transport().link(mesh.self().id());
        assertThat(link).isNotNull();
        link.pauseReading();
        String large = "x".repeat(1_000_000);
        List<Call<Object>> calls = new ArrayList<>();
        List<Duration> taken = new CopyOnWriteArrayList<>();

        for (int i = 0; i < 40; i++) {
            long begun = System.nanoTime();
            Call<Object> call = client.send(Message.of("GO", large).key("k" + i).within(WITHIN));
            call.reply()
                    .whenComplete(
                            (reply, how) -> taken.add(Duration.ofNanos(System.nanoTime() - begun)));
            calls.add(call);
        }

        await().atMost(SOON).until(() -> taken.size() == calls.size());
        assertThat(taken).allMatch(each -> each.compareTo(WITHIN.plus(GRACE)) < 0);
        assertThat(calls.getLast().reply()).isCompletedExceptionally();
    }

    @Test
    void whereAllCallsInFlightAreTaken() {
        meshes.server().serve("things", Object.class, blocked);
        Mesh mesh =
                meshes.join(builder -> builder.client().settings(Map.of("calls.in.flight", "1")));
        Service<Object> client = mesh.use("things", Object.class);
        client.send(Message.of("GO").key("other"));

        assertEnds(client, go(), Outcome.FAILED, Failure.OVERLOADED);
    }

    @Test
    void whereAMemberThatIsAskedDoesNotAnswer() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, blocked);
        Service<Object> client = meshes.client().use("things", Object.class);

        long begun = System.nanoTime();
        Call<Object> asked = client.member(server.self().id()).send(go());

        assertEnds(endInTime(asked, begun), Outcome.UNKNOWN, Failure.TIMEOUT);
    }

    @Test
    void aSurveyWithoutADeadlineEndsAfterASecond() {
        meshes.server().serve("things", Object.class, blocked);
        Service<Object> client = meshes.client().use("things", Object.class);

        long begun = System.nanoTime();
        Call<Object> survey = client.all().send(Message.of("GO"));
        Collected<Object> answers = new Collected<>();
        survey.replies().subscribe(answers);

        await().atMost(SOON).until(answers::isOver);
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(taken).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_350));
    }

    @Test
    void whereTheCallersOwnMeshIsClosed() {
        meshes.server().serve("things", Object.class, blocked);
        Mesh mesh = meshes.client();
        Service<Object> client = mesh.use("things", Object.class);
        Call<Object> sent = client.send(Message.of("GO").key("k"));
        sent.accepted().orTimeout(10, TimeUnit.SECONDS).join();

        long begun = System.nanoTime();
        mesh.close(Duration.ZERO);
        assertEnds(endInTime(sent, begun), Outcome.UNKNOWN, Failure.CLOSED);

        assertEnds(client, go(), Outcome.FAILED, Failure.CLOSED);
    }

    @Test
    void whereTheOwnerClosesWhileTheHandlerRuns() {
        Mesh server = meshes.server();
        server.serve(ServiceConfig.of("things", Object.class).handler(blocked));
        Service<Object> client = meshes.client().use("things", Object.class);
        Call<Object> sent = client.send(go());
        sent.accepted().orTimeout(10, TimeUnit.SECONDS).join();

        long begun = System.nanoTime();
        server.close(Duration.ZERO);

        assertThat(endInTime(sent, begun).outcome()).isIn(Outcome.FAILED, Outcome.UNKNOWN);
    }
}
