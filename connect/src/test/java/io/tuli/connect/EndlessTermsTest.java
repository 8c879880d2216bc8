package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.ServiceConfig;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever time a user gives is a time: what never ends is long, and breaks nothing. */
class EndlessTermsTest {

    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final Members members = new Members();
    private final FakeStore store = new FakeStore();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void timesThatNeverEndAreLong() {
        store.rows.put("k1", "{\"value\":\"one\"}");

        Connected<Object> orders =
                Connector.of(ServiceConfig.of("orders", Object.class).partitions(16))
                        .foundAfter(Duration.ZERO)
                        .within(EVER)
                        .patience(EVER)
                        .backOff(Duration.ofMillis(1), EVER)
                        .every(Duration.ofMillis(5))
                        .store(store)
                        .serve(members.join());
        Members.write(orders.service(), 2, 10, "two");
        orders.awaitStored(EVER);

        assertThat(store.rows()).hasSize(9).containsKey("k1");
        orders.close(EVER);
    }
}
