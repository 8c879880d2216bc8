package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is loaded ahead of a first join. */
class LoadTest {

    @Test
    void nothingRunsAfterIt() {
        Membership.load(); // the Java runtime may start threads of its own, once
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        Membership.load();

        await().atMost(Duration.ofSeconds(10)).until(() -> before.containsAll(ofJGroups()));
    }

    @Test
    void itCanBeDoneAnyNumberOfTimes() {
        assertThatCode(
                        () -> {
                            for (int i = 0; i < 10; i++) {
                                Membership.load();
                            }
                        })
                .doesNotThrowAnyException();
    }

    private static Set<Thread> ofJGroups() {
        Set<Thread> found = new HashSet<>(Thread.getAllStackTraces().keySet());
        found.removeIf(
                thread -> {
                    String name = thread.getName().toLowerCase(java.util.Locale.ROOT);
                    return !name.contains("jgroups") && !name.contains("timer");
                });
        return found;
    }
}
