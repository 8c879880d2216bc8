package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The mesh's secret: its text, and the keys that come out of it. */
class SecretTest {

    private static final HexFormat HEX = HexFormat.of();

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());

    @Test
    void keysAreDerivedAsRfc5869Says() {
        byte[] salt = HEX.parseHex("000102030405060708090a0b0c");
        byte[] pseudorandom = Hmac.extract(salt, HEX.parseHex("0b".repeat(22)));
        assertThat(HEX.formatHex(pseudorandom))
                .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
        assertThat(HEX.formatHex(Hmac.expand(pseudorandom, HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"))))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    @Test
    void aGeneratedSecretIsReadAsItWasWritten() {
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String text = SecretText.of(bytes);
            assertThat(text).as("seed %s", seed).matches("tuli1-[a-z2-7]{56}");
            assertThat(SecretText.parse(text)).as("seed %s", seed).isEqualTo(bytes);
        }
    }

    @Test
    void noTwoAreGeneratedAlike() {
        assertThat(SecretText.generate()).isNotEqualTo(SecretText.generate());
    }

    @Test
    void aMistypedCharacterOfAGeneratedSecretIsToldAsSuch() {
        String text = SecretText.generate();
        for (int i = SecretText.PREFIX.length(); i < text.length(); i++) {
            char other = text.charAt(i) == 'q' ? 'x' : 'q';
            String mistyped = text.substring(0, i) + other + text.substring(i + 1);
            assertThatThrownBy(() -> Secret.of(mistyped, "mesh"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mistyped")
                    .hasMessageNotContaining(text.substring(10, 20));
        }
        assertThatThrownBy(() -> Secret.of(text + "a", "mesh")).hasMessageContaining("too many");
    }

    @Test
    void aShortSecretIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> Secret.of("swordfish", "mesh"))
                .hasMessageContaining("32 bytes")
                .hasMessageContaining("tuli secret new")
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void keysDifferByMeshByPurposeAndBySecret() {
        String text = SecretText.generate();
        byte[] key = Secret.of(text, "mesh").key("dialer");
        assertThat(key).hasSize(32).isEqualTo(Secret.of(text, "mesh").key("dialer"));
        assertThat(key).isNotEqualTo(Secret.of(text, "mesh").key("acceptor"));
        assertThat(key).isNotEqualTo(Secret.of(text, "other").key("dialer"));
        assertThat(key).isNotEqualTo(Secret.of(SecretText.generate(), "mesh").key("dialer"));
    }

    @Test
    void aChosenSecretIsStretchedAndKnownAsChosen() {
        Secret chosen = Secret.of("correct horse battery staple, in 2026", "mesh");
        assertThat(chosen.isGenerated()).isFalse();
        assertThat(chosen).hasToString("(secret)");
        assertThat(Secret.of(SecretText.generate(), "mesh").isGenerated()).isTrue();
        assertThat(HEX.formatHex(chosen.key("dialer")))
                .as("as every release derives it")
                .isEqualTo("b2435b4712ad131c2beffc517f317f486772fd0982453ce6030b115a198e7b0b");
    }
}
