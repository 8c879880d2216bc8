package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Whose replies are larger than there is room for: its repeats are told that they were executed and
 * that their replies are forgotten, and are not executed again; others' are answered.
 */
class ForgottenRepliesTest {

    private static final int REPLY_BYTES = 10_000;
    private static final int REQUESTS = 20;

    private static final ServiceConfig<Object> THINGS =
            ServiceConfig.of("things", Object.class)
                    .partitions(1)
                    .handler(
                            (message, turn) -> {
                                Long before = turn.value("n", Long.class);
                                turn.update("n", before == null ? 1 : before + 1);
                                return "x".repeat(REPLY_BYTES);
                            });

    private final SimCluster cluster =
            new SimCluster(1, Limits.builder().heldBytes(12 * REPLY_BYTES).build());

    @Test
    void aRepeatWhoseReplyIsForgottenIsUnknownAndNotExecutedAgain() {
        cluster.everywhere(THINGS);
        SimMember one = cluster.server();
        SimMember other = cluster.server();
        SimMember client = cluster.client();
        cluster.awaitConvergence(Duration.ofSeconds(10));
        ask(client, "modest");
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(ask(one, "greedy-" + i).outcome()).isEqualTo(Outcome.OK);
        }

        assertRepeatsEnd(client, one);
        SimMember owner = Objects.requireNonNull(one.service(THINGS).ownerOf("n"));
        cluster.kill(owner);
        cluster.run(Duration.ofSeconds(10));
        assertRepeatsEnd(client, owner.equals(one) ? other : one);
        assertThat(client.service(THINGS).get("n", Long.class)).isEqualTo(REQUESTS + 1L);
    }

    private void assertRepeatsEnd(SimMember client, SimMember server) {
        SimCall<Object> first = ask(server, "greedy-0");
        assertThat(first.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(first.failure()).isEqualTo(Failure.DEDUP_EXPIRED);
        assertThat(first.toString()).contains("it was executed");
        SimCall<Object> last = ask(server, "greedy-" + (REQUESTS - 1));
        assertThat(last.outcome()).isEqualTo(Outcome.OK);
        assertThat(ask(client, "modest").outcome()).isEqualTo(Outcome.OK);
    }

    private SimCall<Object> ask(SimMember from, String name) {
        Message message = Message.of("COUNT").key("n").id(RequestId.named(name));
        SimCall<Object> call = from.service(THINGS).send(message);
        cluster.run(Duration.ofMillis(200));
        return call;
    }
}
