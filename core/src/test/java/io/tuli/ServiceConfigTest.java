package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceConfigTest {

    private static final Handler<Object> HANDLER = (message, turn) -> turn.pass();

    private final ServiceConfig<Object> config = ServiceConfig.of("things", Object.class);

    @Test
    void inlineVerbsStayInlineWhateverTheOrder() {
        assertThat(config.inline("X").handler(HANDLER).isInline("X")).isTrue();
        assertThat(config.handler(HANDLER).inline("X").isInline("X")).isTrue();
        assertThat(config.inline("X").inline("Y", "Y").isInline("X")).isTrue();
        assertThat(config.inline("X").handler(HANDLER).isInline("Y")).isFalse();
    }

    @Test
    void aHandlerMayBlockUnlessItsVerbIsInline() {
        assertThat(config.handler(HANDLER).isInline("X")).isFalse();
        assertThat(config.handler(HANDLER).inline().isInline("X")).isTrue();
    }

    @Test
    void whatWasNotSaidIsKnownAsSuch() {
        assertThat(config.commit()).isEmpty();
        assertThat(config.deadline()).isEmpty();
        assertThat(config.mergeFunction()).isEmpty();
        assertThat(config.hasHandler()).isFalse();
    }

    @Test
    void aDefaultCanBeSaid() {
        assertThat(config.commit(Commit.safe()).commit()).contains(Commit.safe());
        assertThat(config.deadline(Duration.ofSeconds(20)).deadline())
                .contains(Duration.ofSeconds(20));
    }

    @Test
    void eachSettingKeepsTheOthers() {
        Fold fold = change -> List.of();

        ServiceConfig<Object> all =
                config.merge(ServiceConfig.MergePolicy.KEEP_WINNER)
                        .deadline(Duration.ofSeconds(3))
                        .commit(Commit.owner())
                        .withoutReplica()
                        .fold("users", fold)
                        .fold("teams", fold)
                        .partitions(7)
                        .inline("X")
                        .handler(HANDLER);

        assertThat(all.merge()).isEqualTo(ServiceConfig.MergePolicy.KEEP_WINNER);
        assertThat(all.deadline()).contains(Duration.ofSeconds(3));
        assertThat(all.commit()).contains(Commit.owner());
        assertThat(all.replica()).isFalse();
        assertThat(all.folds()).containsOnlyKeys("users", "teams");
        assertThat(all.partitions()).isEqualTo(7);
        assertThat(all.handler()).isSameAs(HANDLER);
    }

    @Test
    void aSettingThatCannotBeIsRefusedWhereItIsSaid() {
        assertThatThrownBy(() -> config.deadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.partitions(4097))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServiceConfig.of("a\nb".repeat(100), Object.class))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(200));
    }
}
