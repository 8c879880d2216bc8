package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.arrival.ArrivedCaller;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who calls (PT-95 to PT-97, FD-36, FD-37). */
class CallerTest {

    @Test
    void aMembersOwnCodeIsAnonymousHereAndOfTheMesh() {
        assertThat(Caller.MESH.provider()).isEqualTo("mesh");
        assertThat(Caller.MESH.isAnonymous()).isTrue();
        assertThat(Caller.MESH.isRemote()).isFalse();
        assertThat(Caller.MESH.isMember()).isTrue();
        assertThat(Caller.MESH.claims()).isEmpty();
    }

    @Test
    void claimsAreReadAsTheyWereGivenAndCannotBeChanged() {
        Map<String, @Nullable Object> given = new HashMap<>();
        given.put("admin", true);
        given.put("none", null);
        given.put("age", 42);
        given.put("least", Long.MIN_VALUE);
        given.put("share", 0.5);
        given.put("name", "Zoë \uD83D\uDC4B");
        given.put("roles", List.of("a", List.of(1), Map.of("x", false)));
        Caller caller = Caller.of("rest", "u1", given);
        given.put("age", 42L);
        given.put("roles", List.of("a", List.of(1L), Map.of("x", false)));
        assertThat(caller.claims()).isEqualTo(given);
        assertThatThrownBy(() -> caller.claims().put("admin", false))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatBreaksARuleIsRefusedWithTheRule() {
        refused(() -> Caller.of("", "u", Map.of()), "a provider is [a-z0-9.-]{1,32}");
        refused(() -> Caller.of("REST", "u", Map.of()), "a provider is");
        refused(() -> Caller.of("x".repeat(33), "u", Map.of()), "a provider is");
        for (String reserved : List.of("mesh", "token", "certificate", "fold")) {
            refused(() -> Caller.of(reserved, "u", Map.of()), "only members call as");
        }
        refused(() -> Caller.of("rest", "u".repeat(129), Map.of()), "at most 128 characters");
        refused(() -> Caller.of("rest", "\uD83D", Map.of()), "a user is a text");
        refused(
                () -> Caller.of("rest", "u", Map.of("a", "x".repeat(2_048))),
                "claims have at most 2048 bytes");
        refused(() -> Caller.of("rest", "u", Map.of("a", new Object())), "java.lang.Object");
        refused(() -> Caller.of("rest", "u", Map.of("a", Double.NaN)), "finite");
        refused(() -> Caller.of("rest", "u", Map.of("a", "\uDC4B")), "surrogate");
        refused(() -> Caller.of("rest", "u", Map.of("a", Map.of(1, 2))), "names in a map");
        refused(() -> Caller.of("rest", "u", Map.of("a", nested(8))), "at most 8 deep");
        Caller.of("rest", "u", Map.of("a", nested(7)));
        Caller.of("rest", "u".repeat(128), Map.of("a", "x".repeat(2_048 - 7)));
    }

    private static void refused(ThrowingCallable call, String rule) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    private static List<Object> nested(int deep) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < deep; i++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    @Test
    void aMapThatHoldsItselfIsRefusedAndEndsNothing() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        refused(() -> Caller.of("rest", "u", Map.of("a", endless)), "deep");
        List<Object> wide = Collections.nCopies(1_000_000, "x");
        refused(() -> Caller.of("rest", "u", Map.of("a", wide)), "2048");
    }

    @Test
    void neitherUserNorClaimsAreInItsText() {
        Caller caller = Caller.of("rest", "ann@example.org", Map.of("card", "4711"));
        assertThat(caller).hasToString("rest user");
        assertThat(Caller.anonymous("socketio")).hasToString("socketio anonymous");
    }

    @Test
    void bytesThatAreNoClaimsAreRefused() {
        for (byte[] bytes :
                List.of(
                        new byte[] {0},
                        new byte[] {1, 1, 'a', 9},
                        new byte[] {2, 1, 'b', 0, 1, 'a', 0},
                        new byte[] {1, 1, 'a', 0, 0},
                        new byte[] {127, 1, 'a', 0},
                        new byte[] {1, 1, 'a', 6, 127},
                        new byte[] {1, 1, (byte) 0xff, 0},
                        new byte[] {
                            1, 1, 'a', 6, 1, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1, 0
                        })) {
            refused(
                    () -> Caller.arrived(new ArrivedCaller("rest", "u", bytes, true)),
                    "claims are no values");
        }
    }
}
