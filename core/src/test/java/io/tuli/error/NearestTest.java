package io.tuli.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN =
            List.of("message.bytes", "key.bytes", "port", "peers", "update", "add");

    @ParameterizedTest
    @CsvSource({
        "message.byte, message.bytes",
        "mesage.bites, message.bytes",
        "prot, port",
        "PORT, port",
        "updaet, update",
        "ad, add",
        "pers, peers"
    })
    void nearestNameIsFound(String wanted, String nearest) {
        assertThat(Nearest.to(wanted, KNOWN)).contains(nearest);
        assertThat(Nearest.question(wanted, KNOWN)).isEqualTo("; did you mean " + nearest + "?");
    }

    @Test
    void whatIsFarIsNotOffered() {
        assertThat(List.of("flights", "x", "", "m".repeat(1_000_000)))
                .allMatch(wanted -> Nearest.to(wanted, KNOWN).isEmpty())
                .allMatch(wanted -> Nearest.question(wanted, KNOWN).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "'', abc, 3", "kitten, sitting, 3", "abc, acb, 1", "abcd, badc, 2"})
    void editsAreCounted(String a, String b, int edits) {
        assertThat(Nearest.edits(a, b)).isEqualTo(edits);
        assertThat(Nearest.edits(b, a)).isEqualTo(edits);
    }
}
