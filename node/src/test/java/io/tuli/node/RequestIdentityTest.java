package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.loop.NodeLoop;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose a request's identity is, and that nobody uses up another's. */
class RequestIdentityTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void leave() {
        meshes.close();
    }

    @Test
    void aNumberOfAnotherMemberOrOfNobodyYetIsRefusedAtItsSender() {
        Service<Object> server = meshes.server().serve("things", Object.class);
        Service<Object> client = meshes.client().use("things", Object.class);
        Call<Object> first = client.send(Message.of("push", 1).key("list"));
        assertThat(first.reply().join()).isEqualTo(0);
        RequestId ahead = new RequestId(first.id().origin(), first.id().sequence() + 1_000);
        Message push = Message.of("push", 1).key("list");

        assertFails(server.send(push.id(first.id())), Outcome.FAILED, Failure.BAD_REQUEST);
        assertFails(client.send(push.id(ahead)), Outcome.FAILED, Failure.BAD_REQUEST);
        assertFails(
                client.send(push.id(Reserved.ofTurn("users/0/1/0"))),
                Outcome.FAILED,
                Failure.BAD_REQUEST);
        assertFails(
                server.send(push.id(new RequestId(Reserved.FOLDS, 1))),
                Outcome.FAILED,
                Failure.BAD_REQUEST);
        assertThat(client.send(push.id(first.id())).reply().join()).isEqualTo(0);
        assertThat(client.read("list", Object.class).reply().join()).isEqualTo(List.of(1));
    }

    /** What a link brings under numbers of others is executed by nobody, and uses up nothing. */
    @Test
    void aLinkCannotUseUpTheNumbersOfAnother() {
        Mesh mesh = meshes.server();
        Service<Object> service =
                mesh.serve(ServiceConfig.of("things", Object.class).partitions(1));
        long victim = service.update("a", 0).id().origin();
        NodeLoop loop = TestMeshes.context(mesh).loops().at(0);
        for (int number = 0; number < 100; number++) {
            Frame.Request request = request(new RequestId(victim, number));
            loop.post(() -> loop.read(new MemberId(7, 7), request));
            Frame.Request fold = request(new RequestId(Reserved.FOLDS, number));
            loop.post(() -> loop.read(new MemberId(7, 7), fold));
        }

        for (int i = 1; i <= 100; i++) {
            assertThat(service.increment("sum", 1).reply().join()).isEqualTo(i);
        }
        assertThat(service.state().keySet()).containsExactlyInAnyOrder("a", "sum");
    }

    private static Frame.Request request(RequestId id) {
        return new Frame.Request(
                ServiceSpec.numberOf("things"),
                0,
                -1,
                id,
                0,
                5_000,
                Commit.owner(),
                "push",
                Key.of("stolen"),
                Payload.json("1"),
                new TreeMap<>());
    }
}
