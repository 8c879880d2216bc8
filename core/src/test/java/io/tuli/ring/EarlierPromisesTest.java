package io.tuli.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a member keeps to of services that it has closed. */
@Tag("PT-14")
class EarlierPromisesTest {

    private final EarlierPromises promises = new EarlierPromises();

    @Test
    void eachPartitionKeepsItsOwn() {
        promises.remember(1, new Epoch[] {new Epoch(3, 7), Epoch.ZERO});

        assertThat(promises.of(1, 0)).isEqualTo(new Epoch(3, 7));
        assertThat(promises.of(1, 1)).isEqualTo(Epoch.ZERO);
        assertThat(promises.of(1, 2)).isEqualTo(Epoch.ZERO);
        assertThat(promises.of(2, 0)).isEqualTo(Epoch.ZERO);
    }

    @Test
    void theLatestTimeCounts() {
        promises.remember(1, new Epoch[] {new Epoch(3, 7)});
        promises.remember(1, new Epoch[] {new Epoch(9, 8)});

        assertThat(promises.of(1, 0)).isEqualTo(new Epoch(9, 8));
    }

    @Test
    void ofTenThousandServicesNothingIsPromisedTwice() {
        for (int service = 0; service < 10_000; service++) {
            promises.remember(service, new Epoch[] {new Epoch(1 + service % 50, 7)});
        }

        for (int service = 0; service < 10_000 - EarlierPromises.SERVICES_MOST; service++) {
            assertThat(promises.of(service, 0)).isEqualTo(new Epoch(50, 0));
        }
        assertThat(promises.of(9_999, 0)).isEqualTo(new Epoch(50, 7));
        assertThat(promises.of(77_777, 3).number()).isEqualTo(50);
    }
}
