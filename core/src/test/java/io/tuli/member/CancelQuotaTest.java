package io.tuli.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import org.junit.jupiter.api.Test;

class CancelQuotaTest {

    private static final long SECOND = 1_000_000_000L;

    private final CancelQuota quota = new CancelQuota();
    private final MemberId one = new MemberId(1, 1);
    private final MemberId other = new MemberId(2, 2);

    @Test
    void aMemberGivesUpSoManyCallsASecondAndOthersTheirs() {
        for (int i = 0; i < CancelQuota.MOST; i++) {
            assertThat(quota.take(one, SECOND)).isTrue();
        }

        assertThat(quota.take(one, SECOND)).isFalse();
        assertThat(quota.take(other, SECOND)).isTrue();
    }

    @Test
    void theNextSecondIsAnother() {
        for (int i = 0; i < 2 * CancelQuota.MOST; i++) {
            quota.take(one, 5 * SECOND);
        }

        assertThat(quota.take(one, 6 * SECOND - 1)).isFalse();
        assertThat(quota.take(one, 6 * SECOND)).isTrue();
    }
}
