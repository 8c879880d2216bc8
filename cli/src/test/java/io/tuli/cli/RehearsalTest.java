package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Exit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The start-up cache knows the commands only if they come through when it is made. */
@Tag("slow")
class RehearsalTest {

    @Test
    void everySceneEndsAsItWould() {
        List<Integer> codes = Rehearsal.play("rehearsal-test-" + ProcessHandle.current().pid());

        assertThat(codes.subList(0, codes.size() - 1))
                .allSatisfy(code -> assertThat(code).isIn(0, Exit.NOT_FOUND.code()))
                .containsOnlyOnce(Exit.NOT_FOUND.code());
        assertThat(codes.getLast()).isEqualTo(Exit.USAGE.code());
    }
}
