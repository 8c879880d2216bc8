package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What owners write behind a service, whatever becomes of them and of the store (FE-26). */
class ReplayTest {

    private final Members members = new Members();
    private final FakeStore store = new FakeStore();

    @AfterEach
    void close() {
        store.mode = FakeStore.Mode.WELL;
        members.close();
    }

    private void assertStored(Service<Object> service) {
        Members.eventually(() -> store.rows().equals(Members.state(service)));
    }

    @Test
    void eachChangeIsInTheStoreOnceItIsStored() {
        Connected<Object> orders = Members.orders().store(store).serve(members.join());
        Service<Object> service = orders.service();

        service.update("a", Map.of("value", "1")).await();
        service.update("a.value", "2").await();
        service.update("b", Map.of("value", "1")).await();
        service.remove("b").await();
        orders.awaitStored(Members.SOON);

        assertThat(store.rows()).containsExactly(Map.entry("a", "{\"value\":\"2\"}"));
        assertThat(orders.hasFounded()).isTrue();
        assertThat(orders.status().isFailing()).isFalse();
    }

    @Test
    void ownersAloneWriteAndTheNextOnesGoOnWhenTheyDieInTheMiddle() {
        Connector<Object> connector =
                Members.orders().store(store).patience(Duration.ofMillis(200));
        Connected<Object> first = connector.serve(members.join());
        Connected<Object> second = connector.serve(members.join());
        Mesh third = members.join();
        connector.serve(third);
        Members.write(first.service(), 0, 300, "one");
        assertStored(second.service());

        store.mode = FakeStore.Mode.HANGS;
        Members.write(first.service(), 0, 600, "two");
        third.close(Duration.ofMillis(1));
        store.mode = FakeStore.Mode.WELL;
        Members.write(second.service(), 300, 310, "three");

        first.close(Duration.ofMillis(1));
        assertStored(second.service());
        assertThat(store.rows()).hasSize(600).containsEntry("k305", "{\"value\":\"three\"}");
    }

    @Test
    void aStoreThatIsDownIsToldAndCatchesUpWhenItReturns() {
        Connected<Object> orders = Members.orders().store(store).serve(members.join());
        Members.write(orders.service(), 0, 10, "one");
        orders.awaitStored(Members.SOON);

        store.mode = FakeStore.Mode.DOWN;
        Members.write(orders.service(), 0, 8_000, "two");
        Members.eventually(() -> members.told.contains(MeshEvent.Kind.STORE_FAILED));
        assertThat(orders.status().lastFailure()).contains("the store is down");
        assertThat(orders.status().waiting()).isBetween(1, 3_000);
        assertThat(orders.service().read("k7.value", String.class).await()).isEqualTo("two");

        store.mode = FakeStore.Mode.WELL;
        orders.awaitStored(Members.SOON);
        assertStored(orders.service());
        Members.eventually(() -> members.told.contains(MeshEvent.Kind.STORE_RECOVERED));
        assertThat(store.largest.get()).isLessThanOrEqualTo(1_100);
    }

    @Test
    void aStoreThatHangsIsInterruptedAndToldAndCatchesUp() throws Exception {
        Connected<Object> orders =
                Members.orders()
                        .store(store)
                        .patience(Duration.ofMillis(100))
                        .serve(members.join());

        store.mode = FakeStore.Mode.HANGS;
        Members.write(orders.service(), 0, 100, "one");
        store.hanging.await();
        Members.eventually(() -> members.told.contains(MeshEvent.Kind.STORE_FAILED));

        store.mode = FakeStore.Mode.WELL;
        assertStored(orders.service());
    }

    @Test
    void whatTheStoreCannotTakeIsSetAsideAndListedAndOthersGoOn() {
        store.poison = key -> key.equals("k50") || key.equals("k77");
        Connected<Object> orders = Members.orders().store(store).serve(members.join());

        Members.write(orders.service(), 0, 100, "one");
        orders.awaitStored(Members.SOON);

        assertThat(store.rows()).hasSize(98).doesNotContainKeys("k50", "k77");
        assertThat(orders.setAside()).containsOnlyKeys("k50", "k77");
        assertThat(orders.setAside().get("k77")).contains("cannot take k77");
        assertThat(members.told).contains(MeshEvent.Kind.RECORD_SET_ASIDE);

        store.poison = key -> false;
        Members.write(orders.service(), 77, 78, "two");
        Members.eventually(() -> orders.setAside().keySet().equals(java.util.Set.of("k50")));
        assertThat(store.rows()).containsEntry("k77", "{\"value\":\"two\"}");
    }

    /** Two sides of a split each found it: the later life goes on, the earlier one is fenced. */
    @Test
    void ofTwoWhoBothOwnItTheEarlierIsFencedAndWritesNoMore() {
        Connected<Object> earlier = Members.orders().store(store).serve(members.join());
        Members.write(earlier.service(), 0, 10, "one");
        earlier.awaitStored(Members.SOON);
        try (Members others = new Members()) {
            Connected<Object> later = Members.orders().store(store).serve(others.join());
            assertThat(later.service().state()).hasSize(10);

            Members.write(earlier.service(), 0, 10, "lost");
            Members.write(later.service(), 0, 10, "kept");
            later.awaitStored(Members.SOON);

            assertStored(later.service());
            Members.eventually(() -> store.fenced.get() > 0);
            assertThat(store.rows()).containsEntry("k3", "{\"value\":\"kept\"}");
        }
    }

    @Test
    void whatTheChangelogDoesNotHaveIsWrittenAnewAndWhatIsNotThereGoes() {
        Connected<Object> first = Members.orders().store(store).serve(members.join());
        Members.write(first.service(), 0, 50, "one");
        first.awaitStored(Members.SOON);
        synchronized (store) {
            LogPosition elsewhere = new LogPosition(new Epoch(7, 0xdead), 1_000);
            Place strange = new Place(new Epoch(1, Long.MIN_VALUE), elsewhere, elsewhere);
            store.places.replaceAll((partition, place) -> strange);
            store.rows.put("k-of-the-other-side", "1");
            store.rows.put("k1", "{\"value\":\"other\"}");
        }

        Connected<Object> second = Members.orders().store(store).serve(members.join());
        first.close();

        assertStored(second.service());
        assertThat(store.rows()).hasSize(50);
    }

    @Test
    void manyDocumentsTakeBoundedBatches() {
        Connected<Object> orders = Members.orders().store(store).serve(members.join());

        Members.write(orders.service(), 0, 30_000, "one");
        orders.awaitStored(Members.SOON);

        assertThat(store.rows()).hasSize(30_000);
        assertThat(store.largest.get()).isLessThanOrEqualTo(1_100);
        assertThat(orders.status().waiting()).isLessThan(3_000);
    }

    @Test
    void aSinkWithoutTransactionsHasEachDocumentAtLeastOnce() {
        Map<String, String> rows = new TreeMap<>();
        Sink sink =
                batch -> {
                    synchronized (rows) {
                        batch.rows().forEach(row -> rows.put(row.key(), row.document().toString()));
                    }
                };
        Connected<Object> first = Members.orders().replay(sink).serve(members.join());
        Members.write(first.service(), 0, 100, "one");
        first.awaitStored(Members.SOON);
        Connected<Object> second = Members.orders().replay(sink).serve(members.join());
        first.close();
        Members.write(second.service(), 50, 150, "two");
        second.awaitStored(Members.SOON);

        synchronized (rows) {
            assertThat(rows).isEqualTo(Members.state(second.service()));
        }
    }
}
