package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret in a file is its owner's. */
class SecretFileTest {

    @TempDir Path directory;

    @Test
    void whatWasWrittenIsReadAndNobodyElseMay() throws IOException {
        Path file = directory.resolve("secret");
        String secret = SecretText.generate();
        SecretFile.write(file, secret);
        assertThat(SecretFile.read(file)).containsExactly(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void noSecretIsOverwritten() {
        Path file = directory.resolve("secret");
        String first = SecretText.generate();
        SecretFile.write(file, first);
        assertThatThrownBy(() -> SecretFile.write(file, SecretText.generate()))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("never overwritten");
        assertThat(SecretFile.read(file)).containsExactly(first);
    }

    @Test
    void linesWithoutASecretAreLeftOut() {
        Path file = directory.resolve("secret");
        SecretFile.write(
                file, "# of the mesh blue\n\n   a secret that a person chose, in 2026  \n");
        assertThat(SecretFile.read(file)).containsExactly("a secret that a person chose, in 2026");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void whatOthersMayUseIsRefusedWithWhatToSay(String mode) throws IOException {
        Path file = directory.resolve("secret");
        String secret = SecretText.generate();
        SecretFile.write(file, secret);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> SecretFile.read(file))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("mode=" + mode)
                .hasMessageContaining("chmod 600 " + file)
                .hasMessageNotContaining(secret);
    }

    @Test
    void upToFourSecretsAreReadInTheirOrder() {
        Path file = directory.resolve("secret");
        List<String> four =
                List.of(
                        SecretText.generate(),
                        SecretText.generate(),
                        "one that a person chose, with # in it",
                        SecretText.generate());
        SecretFile.write(file, "# new\n" + String.join("\n# and\n", four));
        assertThat(SecretFile.read(file)).isEqualTo(four);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# none", "one\ntwo\nthree\nfour\nfive"})
    void noSecretAndMoreThanFourAreRefused(String content) {
        Path file = directory.resolve("secret");
        SecretFile.write(file, content);
        assertThatThrownBy(() -> SecretFile.read(file))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("must hold 1..4 secrets");
    }

    @Test
    void aFileThatIsNoneIsToldAsSuch() throws IOException {
        assertThatThrownBy(() -> SecretFile.read(directory.resolve("none")))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("cannot be read");
        Path large = directory.resolve("large");
        SecretFile.write(large, "x".repeat(5_000));
        assertThatThrownBy(() -> SecretFile.read(large)).hasMessageContaining("larger than 4 KiB");
    }
}
