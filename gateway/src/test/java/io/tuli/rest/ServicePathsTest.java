package io.tuli.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Refusal;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which service a path is of, and which id (FD-18). */
class ServicePathsTest {

    private final ServicePaths paths =
            new ServicePaths(Set.of("todos", "area", "area/places", "a/b/c")::contains);

    @ParameterizedTest
    @CsvSource({
        "/todos, todos,",
        "/todos/, todos,",
        "//todos//, todos,",
        "/todos/1, todos, 1",
        "/area/places, area/places,",
        "/area/places/7, area/places, 7",
        "/area/other, area, other",
        "/a/b/c/d, a/b/c, d",
        "/todos/a%2Fb, todos, a/b",
        "/todos/%E2%82%ACuro, todos, €uro",
        "/todos/a%20b, todos, a b",
        "/todos/a+b, todos, a+b",
        "/todos/100%25, todos, 100%",
        "/todos/__proto__, todos, __proto__"
    })
    void longestServiceWins(String path, String service, String id) {
        assertThat(paths.find(path)).isEqualTo(new ServicePaths.Found(service, id));
    }

    @ParameterizedTest
    @CsvSource({"/, 404", "/none, 404", "/todos/1/2, 404", "/area%2Fplaces, 404", "/TODOS, 404"})
    void pathOfNoServiceIsNotFound(String path, int code) {
        refused(path, code);
    }

    @ParameterizedTest
    @CsvSource({"/todos/%", "/todos/%C3%28", "/todos/%zz", "/todos/%C0%AF", "/todos/%ED%A0%80"})
    void pathThatIsNoEncodedUtf8IsABadRequest(String path) {
        refused(path, 400);
    }

    @Test
    void pathOfVeryManySegmentsIsNotFound() {
        refused("/a".repeat(8_000), 404);
    }

    private void refused(String path, int code) {
        assertThatThrownBy(() -> paths.find(path))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
