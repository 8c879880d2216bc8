package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a handler refuses with is what its caller on another member is told. */
@Tag("FD-39")
@Tag("PT-91")
class RefusalTest {

    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final TestMeshes MESHES = new TestMeshes();
    private static final AtomicInteger DECIDED = new AtomicInteger();
    private static Mesh server;
    private static Service<Object> caller;

    record Limits(int least, List<String> colours) {}

    /** Nobody can write it: its component's value throws. */
    record Trap(String name) {
        @Override
        public String name() {
            throw new AssertionError("planted");
        }
    }

    @BeforeAll
    static void joinAServerAndACaller() {
        server = MESHES.server();
        Service<Object> served = server.serve("refusing", Object.class, handler());
        caller = MESHES.client().use("refusing", Object.class);
        synced(served);
        synced(caller);
    }

    @AfterAll
    static void closeAll() {
        MESHES.close();
    }

    private static Handler<Object> handler() {
        return (message, turn) -> {
            DECIDED.incrementAndGet();
            if (!message.key().isNone()) {
                turn.update("changed");
            }
            throw switch (message.verb()) {
                case "CODE" -> Refusal.of(message.body(Integer.class), "asked for it");
                case "ALL" ->
                        Refusal.unprocessable("a todo has a title", new Limits(3, List.of("red")))
                                .errors(Map.of("title", "is blank"));
                case "OWN" -> Refusal.of(418, "Teapot", "short and stout");
                case "LONG" -> Refusal.conflict("large").data("x".repeat(Refusal.BYTES_MAX));
                case "TRAP" -> Refusal.conflict("trapped").data(new Trap("x"));
                case "ODD" -> Refusal.gone("a\u001b[2J\nb" + "é".repeat(2_000));
                case "HALF" -> Refusal.gone("\ud800 half");
                case "DEEP" -> Refusal.gone("deep").data(nested(700));
                default -> new CompletionException(Refusal.forbidden("wrapped"));
            };
        };
    }

    private static Object nested(int depth) {
        Object value = "bottom";
        for (int i = 0; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Refusal refusal(Call<?> call) {
        return catchThrowableOfType(Refusal.class, call::await);
    }

    private static Message message(String verb) {
        return Message.of(verb).key("k").within(WITHIN);
    }

    @Test
    void callerGetsCodeNameMessageDataAndErrorsAsTheyWere() {
        Refusal refusal = refusal(caller.send(message("ALL")));

        assertThat(refusal.code()).isEqualTo(422);
        assertThat(refusal.name()).isEqualTo("Unprocessable");
        assertThat(refusal.getMessage()).isEqualTo("a todo has a title");
        assertThat(refusal.data()).isEqualTo(Map.of("least", 3, "colours", List.of("red")));
        assertThat(refusal.errors()).isEqualTo(Map.of("title", "is blank"));
        assertThat(refusal.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refusal.failure()).isEqualTo(Failure.HANDLER_FAILED);
        assertThat(caller.state()).isEmpty();
    }

    @Test
    void soItDoesFromAnyOneAndAllMembers() {
        Message message = Message.of("ALL").within(WITHIN);

        assertThat(refusal(caller.any().send(message)).code()).isEqualTo(422);
        assertThat(refusal(caller.member(server.self().id()).send(message)).errors())
                .isEqualTo(Map.of("title", "is blank"));
        assertThat(refusal(caller.all().send(message)).name()).isEqualTo("Unprocessable");
    }

    @Test
    void everyErrorOfFeathersKeepsItsNameAndSaysWhatToDo() {
        Map<Integer, Failure> failures =
                Map.of(
                        400, Failure.BAD_REQUEST,
                        401, Failure.NOT_AUTHORISED,
                        403, Failure.NOT_AUTHORISED,
                        404, Failure.NOT_FOUND,
                        405, Failure.METHOD_NOT_ALLOWED,
                        408, Failure.TIMEOUT,
                        409, Failure.CONFLICT,
                        410, Failure.NOT_FOUND,
                        429, Failure.OVERLOADED,
                        503, Failure.UNAVAILABLE);
        int[] codes = {
            400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 422, 429, 500, 501, 502, 503
        };
        for (int code : codes) {
            Refusal refusal = refusal(caller.send(Message.of("CODE", code).key("k")));

            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.name()).isEqualTo(Refusal.of(code, "").name());
            assertThat(refusal.failure())
                    .isEqualTo(failures.getOrDefault(code, Failure.HANDLER_FAILED));
        }
    }

    @Test
    void errorOfOnesOwnIsToldAsItIsAndOneInsideOfAWrapperToo() {
        Refusal own = refusal(caller.send(message("OWN")));

        assertThat(own.code() + " " + own.name()).isEqualTo("418 Teapot");
        assertThat(own).hasMessage("short and stout");
        assertThat(refusal(caller.send(message("OTHER"))).name()).isEqualTo("Forbidden");
    }

    @Test
    void dataThatCannotTravelAreLeftOutAndTheRestArrives() {
        for (String verb : List.of("LONG", "TRAP", "DEEP")) {
            Refusal refusal = refusal(caller.send(message(verb)));

            assertThat(refusal.code()).isGreaterThanOrEqualTo(409);
            assertThat(refusal.data()).isNull();
            assertThat(refusal).hasMessageContaining("were left out");
        }
    }

    @Test
    void oddMessageArrivesAsItIsAndGivesNoOrders() {
        Refusal odd = refusal(caller.send(message("ODD")));

        assertThat(odd.text()).isEqualTo("a\u001b[2J\nb" + "é".repeat(2_000));
        assertThat(odd.getMessage()).startsWith("a\\u001b[2J");
        assertThat(odd.toString()).doesNotContain("\u001b");
        assertThat(refusal(caller.send(message("HALF"))).text()).isEqualTo("\ufffd half");
    }

    @Test
    void repeatOfARefusedRequestIsDecidedAgain() {
        Message named = message("OWN").id("refused-once");
        refusal(caller.send(named));
        int decided = DECIDED.get();

        assertThat(refusal(caller.send(named)).code()).isEqualTo(418);
        assertThat(DECIDED).hasValue(decided + 1);
    }

    @Test
    void futureFailsWithItAndAwaitThrowsItWithTheStackOfItsThread() {
        CompletableFuture<Object> reply = caller.send(message("OWN")).reply();
        Throwable told = reply.handle((value, thrown) -> thrown).join();

        assertThat(told).isInstanceOf(Refusal.class);
        assertThat(refusal(caller.send(message("OWN"))).getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(RefusalTest.class.getName()));
        assertThat(told).isInstanceOf(TuliException.class);
    }
}
