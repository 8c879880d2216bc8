package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {

    /** As Python 3.11 hashes the bytes of the text in UTF-16, with a key of noughts. */
    @ParameterizedTest
    @CsvSource({
        "a, 9b310fba",
        "abcd, cac139f1",
        "order-17, d0bdf158",
        "key ü😀 and more of it, c7a3ff55"
    })
    void aKeyedHashIsSipHash13(String text, String hash) {
        KeyHash keyed = KeyHash.drawn(() -> 0);

        assertThat(Integer.toHexString(keyed.of(text))).isEqualTo(hash);
    }

    @Test
    void anotherKeyIsAnotherHash() {
        assertThat(KeyHash.drawn(() -> 1).of("order-17"))
                .isNotEqualTo(KeyHash.drawn(() -> 2).of("order-17"));
        assertThat(KeyHash.drawn(KeyHash.unforeseen()).of("order-17"))
                .isNotEqualTo(KeyHash.drawn(KeyHash.unforeseen()).of("order-17"));
    }

    @Test
    void textsOfOneStringHashAreOfManyKeyedOnes() {
        KeyHash keyed = KeyHash.drawn(() -> 7);

        assertThat("AaAa".hashCode()).isEqualTo("BBBB".hashCode());
        assertThat(keyed.of("AaAa")).isNotEqualTo(keyed.of("BBBB"));
        assertThat(KeyHash.PLAIN.of("AaAa")).isEqualTo(KeyHash.PLAIN.of("BBBB"));
    }
}
