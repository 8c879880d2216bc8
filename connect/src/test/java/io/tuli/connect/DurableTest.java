package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is on disk and in a store: which of the two it begins with (FE-26). */
class DurableTest {

    private final Members members = new Members();
    private final FakeStore store = new FakeStore();

    @TempDir private Path directory;

    @AfterEach
    void close() {
        members.close();
    }

    private static Connector<Object> orders() {
        return Connector.of(ServiceConfig.of("orders", Object.class).partitions(16).durable())
                .foundAfter(Duration.ZERO)
                .every(Duration.ofMillis(5))
                .within(Members.SOON);
    }

    @Test
    void whatIsOnDiskGoesOnWithoutTheStoreAndIsWrittenOnFromWhereItWas() {
        store.rows.put("k1", "{\"value\":\"one\"}");
        Mesh mesh = members.join(directory);
        Connected<Object> first = orders().store(store).serve(mesh);
        Members.write(first.service(), 2, 10, "two");
        first.awaitStored(Members.SOON);
        mesh.close();
        store.rows.put("k-of-others", "{\"value\":\"three\"}");
        int before = store.batches.get();

        Connected<Object> again = orders().store(store).serve(members.join(directory));
        assertThat(again.service().state()).hasSize(9).containsKey("k1");
        again.service().update("k1", Map.of("value", "four")).await();
        again.awaitStored(Members.SOON);

        assertThat(store.restored).as("the store was asked once").hasValue(1);
        assertThat(store.rows()).containsKey("k-of-others").hasSize(10);
        assertThat(store.rows()).containsEntry("k1", "{\"value\":\"four\"}");
        assertThat(store.batches.get() - before).isBetween(1, 2);
    }

    @Test
    void halfOfARestoreThatIsOnDiskIsNotTakenForTheService() {
        store.rows.put("gone", "{\"value\":\"half\"}");
        store.rows.put("k1", "{\"value\":\"half\"}");
        Source half =
                into -> {
                    store.restore(into);
                    throw new IllegalStateException("the store has gone");
                };
        Mesh mesh = members.join(directory);
        assertThatThrownBy(() -> orders().restore(half).within(Duration.ofMillis(500)).serve(mesh))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("the store has gone");
        mesh.close();
        store.rows.remove("gone");
        store.rows.put("k1", "{\"value\":\"whole\"}");
        store.rows.put("k2", "{\"value\":\"whole\"}");

        Connected<Object> again = orders().restore(store).serve(members.join(directory));

        assertThat(Members.state(again.service())).isEqualTo(store.rows());
    }
}
