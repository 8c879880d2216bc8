package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a file is in force when it is right, and not before. */
class KeyringTest {

    private static final String OLD = SecretText.generate();
    private static final String NEW = SecretText.generate();

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void write() {
        file = directory.resolve("secret");
        SecretFile.write(file, OLD);
    }

    private Credentials read() {
        return Credentials.of(
                SecretFile.read(file).stream().map(text -> Secret.of(text, "mesh")).toList(), null);
    }

    private Keyring keyring() {
        return Keyring.watched(this::read, Duration.ofSeconds(5), Duration.ofSeconds(60));
    }

    @Test
    void aFileThatHasNotChangedChangesNothing() {
        Keyring keyring = keyring();
        Credentials before = keyring.current();
        assertThat(keyring.changes()).isFalse();
        assertThat(keyring.current()).isSameAs(before);
    }

    @Test
    void whatIsInItNowIsInForceOnceItWasLookedAt() throws IOException {
        Keyring keyring = keyring();
        Files.writeString(file, NEW + "\n" + OLD + "\n");
        assertThat(keyring.current().first()).isEqualTo(Secret.of(OLD, "mesh"));

        assertThat(keyring.changes()).isTrue();

        assertThat(keyring.current().first()).isEqualTo(Secret.of(NEW, "mesh"));
        assertThat(keyring.current().holds(Secret.of(OLD, "mesh"))).isTrue();
    }

    @Test
    void whatIsWrongLeavesTheEarlierInForceUntilItIsRight() throws IOException {
        Keyring keyring = keyring();
        for (String wrong : new String[] {"", "too short", NEW + "x", "a\nb\nc\nd\ne"}) {
            Files.writeString(file, wrong);
            assertThat(keyring.changes()).isFalse();
            assertThat(keyring.current().first()).isEqualTo(Secret.of(OLD, "mesh"));
        }
        Files.delete(file);
        assertThat(keyring.changes()).isFalse();
        SecretFile.write(file, NEW);
        assertThat(keyring.changes()).isTrue();
        assertThat(keyring.current().holds(Secret.of(OLD, "mesh"))).isFalse();
    }

    @Test
    void whatIsWrongFromTheBeginningIsAnError() throws IOException {
        Files.writeString(file, "# none");
        assertThatThrownBy(this::keyring)
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("must hold 1..4 secrets");
    }
}
