package io.tuli.todos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TodosOptionsTest {

    @Test
    void whatIsMisspeltIsRefused() {
        assertThat(TodosExample.port(List.of("--port=0"))).isZero();
        assertThat(TodosExample.port(List.of("--port", "8080"))).isEqualTo(8080);
        for (String odd : List.of("--port=65536", "--port=-1", "--prot=1", "8080", "--port")) {
            assertThatThrownBy(() -> TodosExample.port(List.of(odd)))
                    .hasMessage("the only option is --port=N, 0..65535: it is \"" + odd + "\"");
        }
    }
}
