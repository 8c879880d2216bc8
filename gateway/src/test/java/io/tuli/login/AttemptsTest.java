package io.tuli.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Guesses are few, and nobody is locked out by somebody else (15.2). */
class AttemptsTest {

    private static final String HOME = "192.0.2.1";
    private static final String ATTACKER = "198.51.100.";

    private final AtomicLong nanos = new AtomicLong();
    private final Attempts attempts = new Attempts(new LoginLimits(100, 5, 1), nanos::get);

    private boolean guess(String name, String address) {
        boolean may = attempts.begin(name, address);
        if (may) {
            attempts.wrong(name, address);
        }
        return may;
    }

    private int guesses(String name, int addresses) {
        int made = 0;
        for (int at = 0; at < addresses; at++) {
            made += guess(name, ATTACKER + at) ? 1 : 0;
        }
        return made;
    }

    @Test
    void guessesFromManyAddressesAreAsFewAsFromOne() {
        assertThat(guesses("ada", 50)).isEqualTo(5);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        assertThat(guesses("ada", 50)).isEqualTo(5);
    }

    @Test
    void whoHasLoggedInFromAnAddressIsNotLockedOutThereByOthers() {
        assertThat(attempts.begin("ada", HOME)).isTrue();
        attempts.right("ada", HOME);
        guesses("ada", 50);

        assertThat(attempts.begin("ada", HOME)).isTrue();
        assertThat(attempts.begin("ada", "192.0.2.2")).as("from where she never was").isFalse();
        assertThat(attempts.begin("bob", ATTACKER + 1)).as("others").isTrue();
    }

    @Test
    void whoIsKnownThereMayNotGuessThereWithoutEndEither() {
        attempts.begin("ada", HOME);
        attempts.right("ada", HOME);
        int made = 0;
        for (int at = 0; at < 50; at++) {
            made += guess("ada", HOME) ? 1 : 0;
        }

        assertThat(made).isEqualTo(5);
    }

    @Test
    void whoTriesManyNamesFromOneAddressIsStoppedThere() {
        int made = 0;
        for (int at = 0; at < 500; at++) {
            made += guess("name" + at, HOME) ? 1 : 0;
        }

        assertThat(made).isEqualTo(100);
        assertThat(attempts.isOver(HOME)).isTrue();
        assertThat(attempts.begin("name1", "192.0.2.2")).isTrue();
    }
}
