package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LinkStatus;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.handshake.Refusal;
import io.tuli.log.Entries;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LinkTest {
    private TestMember server;
    private TestMember client;

    @BeforeEach
    void start() {
        server = TestMember.server("server");
        client = TestMember.client("client");
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    @Tag("FE-18")
    void bothSidesLearnWhoTheOtherIs() {
        Link link = client.linkTo(server);

        assertThat(link.peer()).isEqualTo(server.member());
        assertThat(server.link(client).peer()).isEqualTo(client.member());
        await().atMost(DEADLINE)
                .untilAsserted(
                        () -> {
                            assertThat(client.statuses)
                                    .containsExactly(LinkStatus.CONNECTING, LinkStatus.CONNECTED);
                            assertThat(server.statuses).containsExactly(LinkStatus.CLIENT);
                        });
    }

    @Test
    void framesOfOneThreadArriveInOrder() {
        Link link = client.linkTo(server);
        List<Frame> sent = IntStream.range(0, 20_000).<Frame>mapToObj(Frame.Cancel::new).toList();

        sent.forEach(link::send);

        server.awaitFrames(sent.size());
        assertThat(server.received).isEqualTo(sent);
    }

    /** What came on a link is told to other loops at the end of a batch: before its end is. */
    @Test
    void aBatchEndsBeforeItsLink() {
        server.answers((link, frame) -> link.close("no more"));
        Link link = client.linkTo(server);

        link.send(new Frame.Cancel(1));

        await().atMost(DEADLINE).until(() -> !server.downs.isEmpty());
        assertThat(server.unendedAtDown).containsOnly(0);
    }

    @Test
    void nothingIsLostAmongManyThreads() throws InterruptedException {
        int threads = 4;
        int each = 10_000;
        Link link = client.linkTo(server);
        List<Thread> senders =
                IntStream.range(0, threads)
                        .mapToObj(i -> Thread.ofPlatform().start(() -> count(link, i, each)))
                        .toList();
        for (Thread sender : senders) {
            sender.join();
        }

        server.awaitFrames(threads * each);
        for (int i = 0; i < threads; i++) {
            int sender = i;
            assertThat(server.received)
                    .filteredOn(frame -> ((Frame.Credit) frame).call() == sender)
                    .extracting(frame -> ((Frame.Credit) frame).items())
                    .hasSize(each)
                    .isSorted();
        }
    }

    private static void count(Link link, int sender, int to) {
        for (int i = 0; i < to; i++) {
            link.send(new Frame.Credit(sender, i));
        }
    }

    @Test
    void framesGoBothWays() {
        server.answers((from, frame) -> from.send(new Frame.Redirect(1, Epoch.ZERO)));

        client.linkTo(server).send(new Frame.Cancel(1));

        client.awaitFrames(1);
        assertThat(client.received).containsExactly(new Frame.Redirect(1, Epoch.ZERO));
    }

    @Test
    void aMessageOfTheLargestSizePasses() {
        Frame large = new Frame.Item(1, 0, Payload.opaque(new byte[1024 * 1024]));

        client.linkTo(server).send(large);

        server.awaitFrames(1);
        assertThat(server.received).containsExactly(large);
    }

    @Test
    void aFrameOverTheLimitIsRefusedAtTheSenderAndHarmsNothing() throws Exception {
        Frame tooLarge = new Frame.Item(1, 0, Payload.opaque(new byte[2 * 1024 * 1024]));
        Link link = client.linkTo(server);

        assertThatThrownBy(() -> link.send(tooLarge)).satisfies(LinkTest::isTooLarge);
        client.transport
                .loop(link.loop())
                .submit(
                        () ->
                                assertThatThrownBy(() -> link.send(tooLarge))
                                        .satisfies(LinkTest::isTooLarge))
                .get();

        link.send(new Frame.Cancel(1));
        server.awaitFrames(1);
        assertThat(server.received).containsExactly(new Frame.Cancel(1));
    }

    private static void isTooLarge(Throwable thrown) {
        assertThat(thrown).isInstanceOf(TuliException.class);
        assertThat(((TuliException) thrown).failure()).isEqualTo(Failure.TOO_LARGE);
    }

    @Test
    void whatIsSentInOneTaskIsWrittenAtOnce() throws Exception {
        Link link = client.linkTo(server);
        long before = client.transport.loop(link.loop()).submit(link.outbox()::pieces).get();

        client.transport
                .loop(link.loop())
                .execute(
                        () -> IntStream.range(0, 500).forEach(i -> link.send(new Frame.Cancel(i))));

        server.awaitFrames(500);
        long after = client.transport.loop(link.loop()).submit(link.outbox()::pieces).get();
        assertThat(after - before).isEqualTo(1);
    }

    @Test
    void theAnswersToOneReadBatchAreWrittenAtOnce() throws Exception {
        server.answers((from, frame) -> from.send(new Frame.Redirect(1, Epoch.ZERO)));
        Link link = client.linkTo(server);
        Link back = server.link(client);

        client.transport
                .loop(link.loop())
                .execute(
                        () -> IntStream.range(0, 500).forEach(i -> link.send(new Frame.Cancel(i))));

        client.awaitFrames(500);
        long pieces = server.transport.loop(back.loop()).submit(back.outbox()::pieces).get();
        assertThat(pieces).isLessThanOrEqualTo(server.batches.get());
    }

    @Test
    void aClientThatReplicatesIsPutOut() {
        Frame append = new Frame.Append(1, 2, new Epoch(1, 1), LogPosition.START, 0, Entries.NONE);

        client.linkTo(server).send(append);

        await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
        assertThat(server.downs).containsExactly("role client never sends Append");
        assertThat(server.received).isEmpty();
        assertThat(server.refused(Refusal.FORBIDDEN_FRAME)).isEqualTo(1);
    }

    @Test
    void aClientHasNoVoteOnEpochs() {
        Link link = client.linkTo(server);

        link.send(new Frame.Stale(1, 2, new Epoch(9, 9)));
        link.send(new Frame.Cancel(1));

        server.awaitFrames(1);
        assertThat(server.received).containsExactly(new Frame.Cancel(1));
    }

    @Test
    void whatAServerMaySendAClientReceives() {
        client.linkTo(server);
        List<Frame> sent =
                Stream.<Frame>of(
                                new Frame.Stale(1, 2, Epoch.ZERO),
                                new Frame.Fence(1, 2, Epoch.ZERO, 3))
                        .toList();

        sent.forEach(server.link(client)::send);

        client.awaitFrames(2);
        assertThat(client.received).isEqualTo(sent);
    }

    @Test
    void entriesAreToldAheadAndArriveInOrderWithWhatIsBetween() {
        client.linkTo(server);
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(append(i));
            if (i % 70 == 0) {
                sent.add(new Frame.Stale(1, i, Epoch.ZERO));
            }
        }
        Link link = server.link(client);

        server.transport.loop(link.loop()).execute(() -> sent.forEach(link::send));

        client.awaitFrames(sent.size());
        assertThat(client.received).isEqualTo(sent);
        assertThat(sent).containsSubsequence(client.expected);
        assertThat(client.expected)
                .hasSizeGreaterThan(100)
                .allMatch(Frame.Append.class::isInstance);
    }

    @Test
    void requestsThatTouchADocumentAreToldAheadAndOthersAreNot() {
        Link link = client.linkTo(server);
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(request(i, i < 190 ? "update" : "LOGIN", "k" + i));
        }
        sent.add(request(200, "update", ""));
        sent.add(request(201, "update", ""));

        client.transport.loop(link.loop()).execute(() -> sent.forEach(link::send));

        server.awaitFrames(sent.size());
        assertThat(server.received).isEqualTo(sent);
        assertThat(sent.subList(0, 190)).containsSubsequence(server.expected);
        assertThat(server.expected).hasSizeGreaterThan(100);
    }

    private static Frame.Request request(long call, String verb, String key) {
        return new Frame.Request(
                1,
                (int) call,
                call,
                new RequestId(5, call),
                0,
                20_000,
                Commit.safe(),
                verb,
                key.isEmpty() ? Key.NONE : Key.parse(key),
                Payload.NULL,
                Collections.emptySortedMap());
    }

    private static Frame append(int partition) {
        return new Frame.Append(1, partition, new Epoch(1, 7), LogPosition.START, 0, Entries.NONE);
    }

    @Test
    void sendingOnALinkThatIsDownIsHarmless() {
        Link link = client.linkTo(server);
        client.transport.forget(server.id());
        await().atMost(DEADLINE).until(() -> client.downs.size() == 1);

        link.send(new Frame.Cancel(1));

        assertThat(link.pendingBytes()).isZero();
        assertThat(server.received).isEmpty();
    }

    @Test
    void manyMembersOfOneProcessLinkAtTheSameInstant() {
        try (TestMember another = TestMember.server("another")) {
            List<TestMember> clients =
                    IntStream.range(0, 10).mapToObj(i -> TestMember.client("c" + i)).toList();
            clients.forEach(one -> one.transport.connect(server.member()));
            clients.forEach(one -> one.transport.connect(another.member()));

            await().atMost(DEADLINE)
                    .until(() -> clients.stream().allMatch(one -> one.hasLink(another)));
            await().atMost(DEADLINE)
                    .until(() -> clients.stream().allMatch(one -> one.hasLink(server)));
            clients.forEach(TestMember::close);
        }
    }
}
