package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Exit;
import io.tuli.secret.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens are made of the mesh's secret, and what is wrong is told. */
class TokenCommandTest {

    @TempDir Path directory;

    private Ran token(String line) {
        Path secret = directory.resolve("secret");
        if (!Files.exists(secret)) {
            assertThat(Ran.of("secret", "new", "--to", secret.toString()).code()).isZero();
        }
        return Ran.of(("token " + line + " --setting secret.file=" + secret).split(" "));
    }

    @Test
    void aTokenIsPrintedOrWrittenForItsOwnerAlone() throws Exception {
        String line = "new --id web-1 --services carts:wr,orders:r --expires 2d";
        Token printed = Token.parse(token(line).out());
        assertThat(printed.claims().id()).isEqualTo("web-1");
        assertThat(printed.claims().services()).isEqualTo(Map.of("carts", "rw", "orders", "r"));

        Path file = directory.resolve("token");
        Ran written = token(line + " --role read-only --to " + file);
        assertThat(written.code()).isZero();
        assertThat(written.out()).isEmpty();
        assertThat(Token.parse(Files.readString(file)).claims().role().text())
                .isEqualTo("read-only");
        assertThat(token(line + " --to " + file).code()).isEqualTo(Exit.USAGE.code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nwe --id a --services a:r | not nwe; did you mean new?",
                "new --services a:r | a token has --id, as in --id web-1",
                "new --id a | a token has --services, as in --services carts:rw,orders:r",
                "new --id a/b --services a:r | a token's id is [A-Za-z0-9_.-]{1,64}: a/b",
                "new --id a --services a | services are name:rights, as in carts:rw,orders:r: a",
                "new --id a --services a:x | rights are letters of rwaf, each once",
                "new --id a --services a:raed | did you mean r?",
                "new --id a --services a/b:r | services are name:rights",
                "new --id a --services a:r,a:w | a service is named once: a",
                "new --id a --services a:r --role server | a token is for client, operator or",
                "new --id a --services a:r --role opertor | did you mean operator?",
                "new --id a --services a:r --expires soon | a token counts for 1s to 3650d",
                "new --id a --services a:r --expires 0s | a token counts for 1s to 3650d",
                "new --id a --services a:r --expires 99999d | a token counts for 1s to 3650d",
                "new --id a --service a:r | there is no option --service; did you mean --services?"
            })
    void whatIsWrongIsToldWithExitCodeTwo(String line, String why) {
        Ran ran = token(line);
        assertThat(ran.err()).startsWith("tuli: ").contains(why).doesNotContain("\tat ");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
    }

    @Test
    void withoutASecretThereIsNoToken() {
        Ran ran = Ran.of("token", "new", "--id", "a", "--services", "a:r");
        assertThat(ran.err()).contains("say --setting secret.file=<file>");
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
    }
}
