package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestDigestTest {

    private final Set<Long> seen = new HashSet<>();

    @Test
    void whatDiffersInOnePlaceIsAnotherRequest() {
        for (int length = 0; length <= 70; length++) {
            byte[] body = new byte[length];
            isNew("update", "k", Payload.opaque(body.clone()));
            for (int i = 0; i < length; i++) {
                body[i] = (byte) 0x80;
                isNew("update", "k", Payload.opaque(body.clone()));
                body[i] = 0;
            }
        }
    }

    @Test
    void oneTextIsNotAnother() {
        String text = "";
        for (int length = 1; length <= 40; length++) {
            text += "a";
            isNew("update", text, Payload.NONE);
            isNew(text, "k", Payload.NONE);
            for (int i = 0; i < length; i++) {
                isNew("update", text.substring(0, i) + "\u00e9" + text.substring(i + 1), text(7));
            }
        }
        // What the hash of a String takes for the same.
        isNew("update", "Aa", Payload.NONE);
        isNew("update", "BB", Payload.NONE);
    }

    @Test
    void theFormOfABodyCounts() {
        isNew("update", "k", Payload.NONE);
        isNew("update", "k", text(1));
        isNew("update", "k", Payload.opaque(text(1).bytes()));
    }

    @Test
    void halvesOfABodyInAnotherOrderAreAnotherBody() {
        byte[] body = new byte[32];
        for (int word = 0; word < 4; word++) {
            body[8 * word] = 1;
            isNew("update", "k", Payload.opaque(body.clone()));
            body[8 * word] = 0;
        }
    }

    private static Payload text(int number) {
        return Payload.json(Integer.toString(number));
    }

    private void isNew(String verb, String key, Payload body) {
        Frame.Request request =
                new Frame.Request(
                        1,
                        2,
                        3,
                        new RequestId(4, 5),
                        0,
                        1_000,
                        Commit.safe(),
                        verb,
                        Key.of(key),
                        body,
                        Collections.emptySortedMap());
        long digest = RequestDigest.of(request);
        assertThat(seen.add(digest)).as("%s %s %s", verb, key, body).isTrue();
        assertThat(RequestDigest.of(request)).isEqualTo(digest);
    }
}
