package io.tuli.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Payload;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a client is told has one form, and anything else is refused. */
class RosterMessageTest {

    private static final Member ONE =
            new Member(new MemberId(1, 2), "eins", Member.Role.SERVER, "10.0.0.1", 7_000);
    private static final Member TWO =
            new Member(new MemberId(3, 4), "zwei", Member.Role.CLIENT, "host", 0);

    @Test
    void aViewIsReadAsItWasWritten() {
        RosterMessage.View view = new RosterMessage.View(List.of(ONE, TWO));
        assertThat(RosterMessage.decode(view.encode())).isEqualTo(view);
    }

    @Test
    void whatServersSayIsPassedOnToTheByte() {
        byte[] said = {2, 1, 0};
        assertThat(RosterMessage.decode(new RosterMessage.Said(said).encode()))
                .isInstanceOfSatisfying(
                        RosterMessage.Said.class,
                        read -> assertThat(read.message()).isEqualTo(said));
        assertThat(RosterMessage.decode(new RosterMessage.Relayed(ONE.id(), said).encode()))
                .isInstanceOfSatisfying(
                        RosterMessage.Relayed.class,
                        read -> {
                            assertThat(read.of()).isEqualTo(ONE.id());
                            assertThat(read.message()).isEqualTo(said);
                        });
    }

    @Test
    void aViewThatSaysMoreThanItHoldsIsRefusedBeforeAnythingIsMade() {
        byte[] bytes = new RosterMessage.View(List.of(ONE)).encode().bytes().clone();
        bytes[1] = (byte) 0x0f;
        assertRefused(bytes, "a view holds as many as it says");
        assertRefused(new byte[0], "a roster is whole");
        assertRefused(new byte[] {3}, "unknown kind");
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> RosterMessage.decode(Payload.opaque(bytes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whateverComesIsAMessageOrIsRefused() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] view = new RosterMessage.View(List.of(ONE, TWO)).encode().bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = view.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                RosterMessage.decode(Payload.opaque(bytes));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed=%d", seed).hasMessageNotContaining("null");
            }
        }
    }
}
