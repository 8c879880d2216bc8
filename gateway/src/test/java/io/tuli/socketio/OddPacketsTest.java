package io.tuli.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent, a session takes it or ends, and nothing is thrown at whoever reads. */
class OddPacketsTest {

    private static final String[] PIECES = {
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "40",
        "41",
        "42",
        "420",
        "/orders",
        ",",
        "[",
        "]",
        "{",
        "}",
        "\"get\"",
        "\"",
        ":",
        "-",
        "1-",
        "null",
        "1e999",
        "\\u0000",
        "\ud800",
        "€",
        "b",
        " ",
        "\u001e",
        "2probe",
        "[\"get\",\"echo\",1,{}]",
        "99999999999999999999",
        "\u0000",
        "{\"a\":1}"
    };

    @Test
    void packetsOfAnyPiecesEndTheSessionOrNothing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 3_000; run++) {
            TestClient test = new TestClient();
            test.acceptsAtOnce = random.nextBoolean();
            test.receives("40");
            for (int i = 0; i < 8; i++) {
                StringBuilder text = new StringBuilder(random.nextBoolean() ? "4" : "");
                for (int j = random.nextInt(6); j >= 0; j--) {
                    text.append(PIECES[random.nextInt(PIECES.length)]);
                }
                test.receives(text.toString());
            }
            long closings = test.seen.stream().filter("closed"::equals).count();
            assertThat(closings).as("seed=" + seed).isEqualTo(test.session.isClosed() ? 1 : 0);
        }
    }
}
