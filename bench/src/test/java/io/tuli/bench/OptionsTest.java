package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.run.BenchException;
import io.tuli.run.Option;
import io.tuli.run.Options;
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

    @Test
    void aSwitchTakesNoValueAndIsTypedWithoutOne() {
        Options options = Options.parse(List.of("sweep", "--large", "keys", "--pin=false"));

        assertThat(options.words()).containsExactly("sweep", "keys");
        assertThat(options.is("large")).isTrue();
        assertThat(options.typed()).isEqualTo("sweep keys --large --pin=false");
    }

    @Test
    void aValueIsOneOfItsOption() {
        assertUsage("--size must be a whole number from 10 on", "--size", "100,9");
        assertUsage("--rounds must be a whole number from 1 on", "--rounds", "0");
        assertUsage("--link must be tcp or unix or tls: udp", "--link", "udp");
        assertUsage("--heap must be a size like 512m or 2g", "--heap", "2");
        assertUsage("--count needs a value: Messages of a round", "--count", "--json");
        assertUsage("--json needs a value", "--json");
        assertUsage("--keep must be said without a value", "--keep=yes");
        assertUsage("there is no option -size", "-size", "10");
    }

    @Test
    void whatMakesNoSenseIsSaidBeforeAnythingIsStarted() {
        assertThat(Bench.run(List.of("updat"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("--rounds", "1"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("update", "twice"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("raw", "--json", "/no/x"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("sweep", "kees"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("publish", "latencies"))).isEqualTo(BenchException.USAGE);
        assertThat(Bench.run(List.of("compare", "--peers", "nobody")))
                .isEqualTo(BenchException.USAGE);
    }

    @Test
    void theHelpNamesEveryOptionOnceAndFitsATerminal() {
        for (Option each : Option.ALL) {
            assertThat(Bench.help()).containsOnlyOnce("\n  --" + each.name() + " ");
        }
        assertThat(Bench.help().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
    }

    private static void assertUsage(String message, String... words) {
        assertThatThrownBy(() -> Options.parse(List.of(words)))
                .isInstanceOfSatisfying(
                        BenchException.class,
                        wrong -> assertThat(wrong.exitCode()).isEqualTo(BenchException.USAGE))
                .hasMessageContaining(message);
    }
}
