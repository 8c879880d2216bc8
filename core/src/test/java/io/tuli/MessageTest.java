package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.arrival.ArrivedBody;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void aBodyThatHasArrivedIsReadWhenItIsAskedFor() {
        Payload payload = Payload.json("\"Ann\"");
        Message arrived = Message.of("greet", new Arrived(payload)).key("a").header("h", "1");

        assertThat(arrived.body()).isSameAs(payload);
        assertThat(arrived.body(String.class)).isEqualTo("read as String");
    }

    @Test
    void aBodyThatWasGivenIsItself() {
        assertThat(Message.of("greet", "Ann").body(String.class)).isEqualTo("Ann");
        assertThat(Message.of("greet").body(String.class)).isNull();
    }

    @Test
    void headersAreAddedToThoseThatAreThere() {
        Message message = Message.of("greet").header("a", "1").headers(Map.of("b", "2", "a", "3"));

        assertThat(message.headers()).isEqualTo(Map.of("a", "3", "b", "2"));
        assertThat(message.headers(Map.of())).isSameAs(message);
    }

    private record Arrived(Payload payload) implements ArrivedBody {
        @Override
        public <T> @Nullable T as(Class<T> type) {
            return type.cast("read as " + type.getSimpleName());
        }
    }
}
