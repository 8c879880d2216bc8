package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestIdTest {

    @Test
    void equalNamesAreOneIdAndOthersAreOthers() {
        assertThat(RequestId.named("order-17")).isEqualTo(RequestId.named("order-17"));
        assertThat(RequestId.named("order-17")).isNotEqualTo(RequestId.named("order-18"));
        assertThat(RequestId.named("?")).isNotEqualTo(RequestId.named("\uFFFD"));
    }

    @Test
    void aNameWithHalfASurrogatePairIsRefusedForItCouldNotBeToldFromOthers() {
        for (String half : new String[] {"\uD800", "\uDC00", "order-\uD83D", "\uDE00\uD83D"}) {
            assertThatThrownBy(() -> RequestId.named(half))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("surrogate");
        }
        assertThat(RequestId.named("\uD83D\uDE00").isNamed()).isTrue();
    }

    @Test
    void aNamedIdIsTakenForNoNumberedOne() {
        for (int i = 0; i < 10_000; i++) {
            RequestId named = RequestId.named("order-" + i);

            assertThat(named.isNamed()).as("named %s", named).isTrue();
            assertThat(named.isNumbered()).as("numbered %s", named).isFalse();
            assertThat(new RequestId(named.origin(), i).isNamed()).isFalse();
        }
    }
}
