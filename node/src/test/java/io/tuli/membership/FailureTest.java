package io.tuli.membership;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to members that go without a word. */
class FailureTest extends Sockets {

    @Test
    void aKilledMemberIsGoneWithinSeconds() throws Exception {
        Membership a = join(LoneMember.config(mesh), Members.server("a"));
        Membership b = join(LoneMember.config(mesh), Members.server("b"));
        try (LoneMember lone = LoneMember.start(mesh, "lone")) {
            await().until(() -> sees(a, 3) && sees(b, 3));

            long start = System.nanoTime();
            lone.kill();
            await().until(() -> sees(a, 2) && sees(b, 2));

            System.out.printf("a killed member was gone after %.0f ms%n", millisSince(start));
            assertThat(millisSince(start)).isLessThan(5_000);
        }
    }

    @Test
    void aKilledFounderIsSucceeded() throws Exception {
        try (LoneMember founder = LoneMember.start(mesh, "founder")) {
            Membership a = join(LoneMember.config(mesh), Members.server("a"));
            Membership b = join(LoneMember.config(mesh), Members.server("b"));
            await().until(() -> sees(a, 3) && sees(b, 3));

            founder.kill();
            await().until(() -> sees(a, 2) && sees(b, 2));

            Membership c = join(LoneMember.config(mesh), Members.server("c"));
            await().until(() -> sees(a, 3) && sees(c, 3));
        }
    }

    @Test
    @Tag("slow")
    void aPausedMemberIsGoneAndComesBack() throws Exception {
        Member self = Members.server("a");
        Membership a = join(LoneMember.config(mesh), self);
        try (LoneMember lone = LoneMember.start(mesh, "lone")) {
            await().until(() -> sees(a, 2));

            long start = System.nanoTime();
            lone.signal("STOP");
            await().atMost(20, SECONDS).until(() -> sees(a, 1));
            double gone = millisSince(start);
            start = System.nanoTime();
            lone.signal("CONT");
            await().atMost(20, SECONDS).until(() -> sees(a, 2));

            System.out.printf(
                    "a paused member was gone after %.0f ms, back after %.0f ms%n",
                    gone, millisSince(start));
        }
    }

    private static boolean sees(Membership membership, int members) {
        return membership.roster().members().size() == members && membership.roster().isComplete();
    }
}
