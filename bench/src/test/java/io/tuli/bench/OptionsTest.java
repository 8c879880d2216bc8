package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void whatIsNotSaidHasItsDefault() {
        Options options = Options.parse(List.of("update", "--size", "10,100"));

        assertThat(options.words()).containsExactly("update");
        assertThat(options.numbers("size")).containsExactly(10, 100);
        assertThat(options.number("servers")).isEqualTo(1);
        assertThat(options.keys()).isEqualTo(options.number("count"));
    }

    @Test
    void anUnknownOptionNamesTheNearest() {
        assertThatThrownBy(() -> Options.parse(List.of("update", "--windw", "1")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("--windw")
                .hasMessageContaining("window");
    }

    @Test
    void aRoundWritesEveryKey() {
        Options options = Options.parse(List.of("--keys", "11", "--count", "10"));

        assertThatThrownBy(options::keys).hasMessageContaining("--keys must be at most --count");
    }
}
