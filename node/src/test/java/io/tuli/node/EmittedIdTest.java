package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.access.Permission;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.secret.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a turn emits has an identity of its own, which nobody can name before it is sent. */
class EmittedIdTest {

    @Test
    void aNameGivenBeforehandSwallowsNothingThatATurnEmits() {
        try (TestMeshes meshes = new TestMeshes()) {
            emitAfterAGuess(meshes);
        }
    }

    private static void emitAfterAGuess(TestMeshes meshes) {
        Service<Object> mail =
                meshes.server().serve(ServiceConfig.of("mail", Object.class).partitions(1));
        ServiceConfig<Object> emitting =
                ServiceConfig.of("users", Object.class)
                        .partitions(1)
                        .handler(
                                (message, turn) -> {
                                    if (message.verb().equals("FORGOT")) {
                                        turn.update("forgot");
                                        turn.emit("mail", Message.of("push", "mine").key("sent"));
                                        return "ok";
                                    }
                                    return turn.pass();
                                });
        Service<Object> users = meshes.server().serve(emitting);
        LogPosition at = users.update("u0", 1).committed().join().position();
        LogPosition next = new LogPosition(at.epoch(), at.offset() + 1);
        String guess = "users/0/" + next + "/0";
        mail.send(Message.of("push", "guessed").key("sent").id(guess)).reply().join();

        users.key("u1").send(Message.of("FORGOT")).reply().join();

        Map<String, Object> both = Map.of("sent", List.of("guessed", "mine"));
        await().atMost(SOON).untilAsserted(() -> assertThat(mail.state()).isEqualTo(both));
    }

    @Test
    void aClientSendsNothingInTheNameOfATurn() {
        RequestId ofTurn = Reserved.ofTurn("users/0/1/0");
        Frame.Request nothing = Reserved.nothing(1, 0);

        assertThat(Permission.of(Role.CLIENT, nothing.named(ofTurn)))
                .isEqualTo(Permission.FORBIDDEN);
        assertThat(Permission.of(Role.SERVER, nothing.named(ofTurn))).isEqualTo(Permission.ALLOWED);
        assertThat(Permission.of(Role.CLIENT, nothing.named(RequestId.named("x"))))
                .as("a verb of the library's own")
                .isEqualTo(Permission.DENIED);
    }

    @Test
    void noNameIsTheIdentityOfATurn() {
        for (int i = 0; i < 10_000; i++) {
            String text = "users/0/" + i + "/0";
            assertThat(Reserved.isOfTurn(Reserved.ofTurn(text))).as(text).isTrue();
            assertThat(Reserved.isOfTurn(RequestId.named(text))).as(text).isFalse();
            assertThat(Reserved.isOfTurn(new RequestId(7, i))).isFalse();
            assertThat(Reserved.isOfTurn(new RequestId(Reserved.FOLDS, -i))).isFalse();
        }
    }
}
