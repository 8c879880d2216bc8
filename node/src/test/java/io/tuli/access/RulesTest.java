package io.tuli.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import io.tuli.secret.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of rules may hold, and what is said of anything else. */
class RulesTest {

    @TempDir Path directory;

    private Path file(String text) {
        try {
            return Files.writeString(directory.resolve("access.rules"), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLineIsWhoServicesAndRights() {
        Rules rules =
                Rules.read(
                        file(
                                """
                                # who may do what

                                client:web-*   carts,orders  rw  # the shop
                                \tread-only * rf
                                operator carts -
                                """));
        assertThat(rules.all())
                .containsExactly(
                        new Rule(
                                Role.CLIENT,
                                "web-*",
                                List.of("carts", "orders"),
                                Rights.of(Right.READ, Right.WRITE),
                                "access.rules line 3"),
                        new Rule(
                                Role.READ_ONLY,
                                "*",
                                List.of("*"),
                                Rights.of(Right.READ, Right.FOLLOW),
                                "access.rules line 4"),
                        new Rule(
                                Role.OPERATOR,
                                "*",
                                List.of("carts"),
                                Rights.NONE,
                                "access.rules line 5"));
    }

    @Test
    void anEmptyFileHasNoRules() {
        assertThat(Rules.read(file("# none yet\n"))).isEqualTo(Rules.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client carts | a rule is role[:name] service[,service] rights",
                "client carts r w | it has 4 words",
                "cleint carts r | did you mean client?",
                "read_only carts r | did you mean read-only?",
                "admin carts r | a role is client, operator or read-only: admin",
                "server carts r | a server may do everything",
                "client carts x | rights are letters of rwaf, each once",
                "client carts rr | rights are letters of rwaf, each once",
                "client carts R | did you mean r?",
                "client carts wriet | did you mean w?",
                "client carts follow | did you mean f?",
                "read-only carts rw | members of role read-only have rf at most: rights=rw",
                "client: carts r | a name is",
                "client:we*b carts r | a name is",
                "client:* ca/rts r | a service name is [A-Za-z0-9_.-]{1,100}, or * for all: ca/rts",
                "client carts,,orders r | a service name is",
                "client carts* r | a service name is"
            })
    void whatIsNoRuleIsToldWithItsLineAndWhatIsNearest(String line, String why) {
        Path file = file("client carts r\n" + line + "\n");
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(TuliException.class)
                .hasMessageStartingWith("access.rules must be right: " + file + ": line 2: ")
                .hasMessageContaining(why);
    }

    @Test
    void aFileThatIsMissingOrTooLargeOrHoldsTooManyIsRefused() {
        assertRefused(directory.resolve("none"), "it cannot be read");
        assertRefused(file("#".repeat(256 * 1024 + 1)), "it is larger than 256 KiB");
        assertRefused(file("client a r\n".repeat(1_001)), "more than 1,000 rules: 1001");
    }

    @Test
    void aFileThatOthersCouldWriteIsNotBelieved() throws IOException {
        Path file = file("client carts r\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertRefused(file, "others may write it");
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> Rules.read(file))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining(why);
    }
}
