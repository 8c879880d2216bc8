package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An id that comes with another key, verb or body is another request: never OK unexecuted. */
class OneIdOneRequestTest {

    private static final ServiceConfig<Object> STOCK =
            ServiceConfig.of("stock", Object.class).partitions(1);

    private static final Message TEA = Message.of(Verbs.INCREMENT, 7).key("tea").id("order-7");
    private static final Message MILK = Message.of(Verbs.INCREMENT, 7).key("milk").id("order-7");

    private final SimCluster cluster = new SimCluster(1).everywhere(STOCK);

    private void assertRefused(SimCall<?> call) {
        cluster.await("the end of " + call, call::isEnded, Duration.ofSeconds(30));
        assertThat(call.outcome()).as("%s", call).isEqualTo(Outcome.FAILED);
        assertThat(call.failure()).as("%s", call).isEqualTo(Failure.CONFLICT);
    }

    private void assertOneRequest(SimService<Object> stock) {
        assertRefused(stock.send(MILK));
        assertRefused(stock.send(Message.of(Verbs.INCREMENT, 8).key("tea").id("order-7")));
        assertRefused(stock.send(Message.of(Verbs.UPDATE, 7).key("tea").id("order-7")));
        assertRefused(stock.send(Message.of(Verbs.INCREMENT, 7).key("tea.cups").id("order-7")));
        assertThat(stock.send(TEA, Long.class).reply()).isEqualTo(7);
        assertThat(stock.state().toString()).isEqualTo("{tea=7}");
    }

    @Test
    void atItsOwner() {
        cluster.servers(3);
        SimService<Object> stock = cluster.client().service(STOCK);
        assertThat(stock.send(TEA, Long.class).reply()).isEqualTo(7);

        assertOneRequest(stock);
    }

    @Test
    void alsoWhereTheLibraryNumberedIt() {
        cluster.servers(3);
        SimService<Object> stock = cluster.client().service(STOCK);
        SimCall<Long> first = stock.increment("tea", 7);
        assertThat(first.reply()).isEqualTo(7);

        assertRefused(stock.send(Message.of(Verbs.INCREMENT, 7).key("milk").id(first.id())));
        Message again = Message.of(Verbs.INCREMENT, 7).key("tea").id(first.id());
        assertThat(stock.send(again, Long.class).reply()).isEqualTo(7);
    }

    @Test
    void atWhoeverTakesOver() {
        cluster.servers(3);
        SimService<Object> stock = cluster.client().service(STOCK);
        assertThat(stock.send(TEA, Long.class).reply()).isEqualTo(7);

        cluster.kill(stock.ownerOf("tea"));
        cluster.run(Duration.ofSeconds(20));

        assertOneRequest(stock);
    }

    @Test
    void atWhoeverHasItFromASnapshotAlone() {
        SimMember first = cluster.server();
        SimService<Object> stock = cluster.client().service(STOCK);
        assertThat(stock.send(TEA, Long.class).reply()).isEqualTo(7);
        for (int i = 0; i < 40; i++) {
            stock.update("filler", "x".repeat(30_000)).reply();
        }
        stock.remove("filler").reply();
        cluster.server();
        cluster.awaitConvergence(Duration.ofSeconds(20));

        cluster.leave(first);
        cluster.run(Duration.ofSeconds(20));

        assertOneRequest(stock);
    }

    @Test
    void whileTheFirstIsBeingExecuted() {
        cluster.slowHandlers(1);
        cluster.servers(3);
        SimService<Object> stock = cluster.client().service(STOCK);
        stock.increment("tea", 0).reply();

        SimCall<Long> first = stock.send(TEA, Long.class);
        SimCall<?> second = stock.send(MILK);

        assertRefused(second);
        assertThat(first.isEnded()).as("the first is still being executed").isFalse();
        assertThat(first.reply()).isEqualTo(7);
        assertOneRequest(stock);
    }

    /** Each of the two was told OK, so each is kept, and answered as it was. */
    @Test
    void afterBothSidesOfASplitExecutedAnotherUnderIt() {
        List<SimMember> servers = cluster.servers(4);
        cluster.run(Duration.ofSeconds(2));
        SimService<Object> here = servers.get(0).service(STOCK);
        SimService<Object> there = servers.get(3).service(STOCK);
        cluster.partition(servers.subList(0, 2), Duration.ofSeconds(20));
        cluster.run(Duration.ofSeconds(10));
        assertThat(here.send(TEA, Long.class).reply()).isEqualTo(7);
        assertThat(there.send(MILK, Long.class).reply()).isEqualTo(7);

        cluster.heal();
        cluster.awaitConvergence(Duration.ofSeconds(60));

        for (SimService<Object> each : List.of(here, there)) {
            assertThat(each.state().toString()).isEqualTo("{milk=7, tea=7}");
            assertThat(each.send(TEA, Long.class).reply()).isEqualTo(7);
            assertThat(each.send(MILK, Long.class).reply()).isEqualTo(7);
            assertRefused(each.send(Message.of(Verbs.INCREMENT, 7).key("eggs").id("order-7")));
        }
        assertThat(here.state().toString()).isEqualTo("{milk=7, tea=7}");
    }
}
