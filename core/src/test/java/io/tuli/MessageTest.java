package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.arrival.ArrivedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void aBodyThatHasArrivedIsReadWhenItIsAskedFor() {
        Payload payload = Payload.json("\"Ann\"");
        Message arrived = Message.of("greet", new Arrived(payload)).header("h", "1");

        assertThat(arrived.key()).isEqualTo(Key.of("a"));
        assertThat(arrived.id()).isEqualTo(RequestId.named("n"));
        assertThat(arrived.within()).contains(Duration.ofSeconds(1));
        assertThat(arrived.headers()).isEqualTo(Map.of("g", "0", "h", "1"));
        assertThat(arrived.body()).isSameAs(payload);
        assertThat(arrived.body(String.class)).isEqualTo("read as String");
    }

    @Test
    void whoCallsStaysWithACopyOfAnArrivedMessageAndOtherwiseItIsAMember() {
        Message arrived = Message.of("buy", new Arrived(Payload.json("1")));
        assertThat(arrived.carrying("other").header("a", "b").caller().user()).isEqualTo("ann");
        assertThat(Message.of("buy").caller()).isSameAs(Caller.MESH);
        Caller bob = Caller.of("rest", "bob", Map.of());
        assertThat(Message.of("buy").as(bob).key("k").within(Duration.ofSeconds(1)).caller())
                .isSameAs(bob);
    }

    /** Cote leaves out what has no type, and 0 is 20 seconds to feathers-distributed. */
    @Test
    @Tag("CO-02")
    void whatSaysNothingIsRefusedWhereItIsSaid() {
        for (String blank : List.of("", " ", "\n")) {
            assertThatThrownBy(() -> Message.of(blank))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a verb is not blank");
        }
        assertThatThrownBy(() -> Message.of("go").within(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a deadline is positive");
    }

    @Test
    void aBodyThatWasGivenIsItself() {
        assertThat(Message.of("greet", "Ann").body(String.class)).isEqualTo("Ann");
        assertThat(Message.of("greet").body(String.class)).isNull();
    }

    private record Arrived(Payload payload) implements ArrivedMessage {
        @Override
        public Key key() {
            return Key.of("a");
        }

        @Override
        public RequestId id() {
            return RequestId.named("n");
        }

        @Override
        public Duration within() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("g", "0");
        }

        @Override
        public Object caller() {
            return Caller.of("rest", "ann", Map.of());
        }

        @Override
        public <T> @Nullable T body(Class<T> type) {
            return type.cast("read as " + type.getSimpleName());
        }

        @Override
        public Object body(java.lang.reflect.Type type) {
            return payload;
        }
    }
}
