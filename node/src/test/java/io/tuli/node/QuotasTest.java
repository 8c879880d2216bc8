package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport;
import io.tuli.Turn;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks without end is told which limit it has met; nobody else notices. */
class QuotasTest {

    private static final int THINGS = ServiceSpec.numberOf("things");

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private Mesh server;
    private Mesh client;
    private Service<Object> witness;

    @BeforeEach
    void start() {
        server = meshes.join(builder -> builder.loops(2));
        server.serve(ServiceConfig.of("things", Object.class).handler(this::handle));
        client = meshes.join(builder -> builder.client().settings(Map.of("role", "operator")));
        witness = synced(client.use("things", Object.class));
        witness.update("known", "before").reply().join();
    }

    private Object handle(Message message, Turn<Object> turn) throws InterruptedException {
        if (message.verb().equals("WAIT")) {
            mayAnswer.await();
            return "waited";
        }
        return message.verb().equals("ASK") ? "asked" : turn.pass();
    }

    @AfterEach
    void everybodyGoesOn() {
        try {
            mayAnswer.countDown();
            assertThat(witness.update("known", "after").reply()).succeedsWithin(SOON);
            assertThat(server.closed()).isNotDone();
        } finally {
            meshes.close();
        }
    }

    private RawPeer raw() throws IOException {
        RawPeer raw = RawPeer.connect(server.self());
        raw.handshake(server.name(), Role.OPERATOR);
        return raw;
    }

    private static Frame ask(String verb, long call) {
        RequestId id = new RequestId(1, call);
        return new Frame.Ask(
                THINGS, call, id, 60_000, verb, Key.NONE, Payload.NONE, new TreeMap<>());
    }

    /** The next so many results. */
    private static List<Frame.Result> results(RawPeer raw, int count) throws IOException {
        List<Frame.Result> results = new ArrayList<>();
        while (results.size() < count) {
            if (raw.receive() instanceof Frame.Result result) {
                results.add(result);
            }
        }
        return results;
    }

    @Test
    void aClientHasSoManySurveysOpenAndOthersHaveTheirs() throws Exception {
        try (RawPeer raw = raw()) {
            for (int call = 1; call <= 100; call++) {
                raw.send(ask("WAIT", call));
            }

            for (int refused = 0; refused < 36; ) {
                if (raw.receive() instanceof Frame.Unseen unseen) {
                    assertThat(unseen.failure()).isEqualTo(Failure.OVERLOADED);
                    assertThat(unseen.detail()).endsWith("=64");
                    refused++;
                }
            }
            assertThat(witness.any().send(Message.of("ASK").within(SOON)).reply())
                    .succeedsWithin(SOON)
                    .isEqualTo("asked");

            mayAnswer.countDown();
            assertThat(results(raw, 64)).allMatch(each -> each.outcome() == Outcome.OK);
            raw.send(ask("ASK", 101));
            assertThat(results(raw, 1)).allMatch(each -> each.outcome() == Outcome.OK);
        }
    }

    @Test
    void aClientGetsSoManyReportsASecondAndOthersTheirs() throws IOException {
        try (RawPeer raw = raw()) {
            for (int call = 1; call <= 200; call++) {
                raw.send(ask(Reserved.REPORT, call));
            }

            List<Frame.Result> results = results(raw, 200);
            assertThat(results.stream().filter(each -> each.outcome() == Outcome.OK).count())
                    .isBetween(8L, 60L);
            assertThat(results)
                    .filteredOn(each -> each.outcome() != Outcome.OK)
                    .allMatch(each -> each.failure() == Failure.OVERLOADED)
                    .anyMatch(each -> each.detail().endsWith(": reports=4"));
            assertThat(client.reports("things", SOON).stream().map(ServiceReport::member))
                    .contains(server.self());
        }
    }

    @Test
    void whoGivesUpCallsWithoutEndCostsNobodyHisTime() throws IOException {
        try (RawPeer raw = raw()) {
            for (int round = 0; round < 100; round++) {
                for (int call = 0; call < 1_000; call++) {
                    raw.send(new Frame.Cancel(call));
                }
                assertThat(witness.update("known", round).reply()).succeedsWithin(SOON);
            }
        }
    }
}
