package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.examples.Carts.Cart;
import io.tuli.sim.SimCluster;
import io.tuli.sim.SimMember;
import io.tuli.sim.SimService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network splits while carts are filled, in simulated time: what both sides did is there. */
class CartsTest {

    private static final Duration SPLIT = Duration.ofSeconds(20);
    private static final Duration CONVERGENCE = Duration.ofSeconds(30);

    @Test
    void cartIsFilledOnBothSidesOfASplit() {
        SimCluster.forEachSeed(20, CartsTest::fillOnBothSides);
    }

    private static void fillOnBothSides(SimCluster cluster) {
        cluster.everywhere(Carts.config());
        List<SimMember> servers = List.of(cluster.server(), cluster.server(), cluster.server());
        SimService<Cart> here = servers.get(0).service(Carts.config());
        SimService<Cart> there = servers.get(2).service(Carts.config());
        cluster.run(Duration.ofSeconds(1));
        here.send(put("bread")).reply();
        here.send(put("milk")).reply();
        cluster.awaitConvergence(CONVERGENCE);

        cluster.partition(servers.subList(0, 2), SPLIT);
        cluster.run(Duration.ofSeconds(8));
        here.send(put("tea")).reply();
        here.send(Message.of(Carts.TAKE, "milk").key("ada")).reply();
        here.update("ada.address", "1 Old Street").reply();
        there.send(put("jam")).reply();
        there.send(put("bread")).reply();
        there.update("ada.address", "2 New Street").reply();
        cluster.run(SPLIT);
        cluster.awaitConvergence(CONVERGENCE);

        for (SimMember server : servers) {
            Cart cart = server.service(Carts.config()).get("ada");
            assertThat(cart).isNotNull();
            assertThat(cart.articles()).containsExactlyInAnyOrder("bread", "tea", "jam");
            assertThat(cart.changes()).isEqualTo(6);
            assertThat(cart.address()).isEqualTo("2 New Street");
        }
    }

    @Test
    void theHigherScoreStays() {
        SimCluster.forEachSeed(20, CartsTest::scoreOnBothSides);
    }

    private static void scoreOnBothSides(SimCluster cluster) {
        cluster.everywhere(Scores.config());
        List<SimMember> servers = List.of(cluster.server(), cluster.server());
        cluster.run(Duration.ofSeconds(1));

        cluster.partition(servers.subList(0, 1), SPLIT);
        cluster.run(Duration.ofSeconds(8));
        servers.get(0).service(Scores.config()).update("ada", 300).reply();
        servers.get(1).service(Scores.config()).update("ada", 200).reply();
        servers.get(0).service(Scores.config()).update("bob", 10).reply();
        servers.get(1).service(Scores.config()).update("bob", 20).reply();
        cluster.run(SPLIT);
        cluster.awaitConvergence(CONVERGENCE);

        SimService<Long> scores = servers.get(1).service(Scores.config());
        assertThat(scores.get("ada")).isEqualTo(300);
        assertThat(scores.get("bob")).isEqualTo(20);
    }

    private static Message put(String article) {
        return Message.of(Carts.PUT, article).key("ada");
    }
}
