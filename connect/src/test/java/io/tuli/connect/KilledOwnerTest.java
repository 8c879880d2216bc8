package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.lines.JsonLines;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner that is killed with -9 while it writes: the next one goes on where it was (FE-26). */
@Tag("slow")
class KilledOwnerTest {

    private static final int KEYS = 200;

    private final Members members = new Members();

    @TempDir private Path directory;

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void theNextOwnerWritesWhatAKilledOneHasNot() throws Exception {
        Path file = directory.resolve("orders.jsonl");
        Mesh mesh = members.join();
        Connected<Object> here = Members.orders().store(JsonLines.file(file)).serve(mesh);
        Service<Object> service = here.service();
        Process child = ChildMember.start(mesh.name(), file);
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("serving");
            Members.eventually(() -> here.status().partitions() == 8);

            for (int round = 0; round < 6; round++) {
                Members.write(service, 0, KEYS, "round " + round);
                if (round == 3) {
                    assertThat(child.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
                }
            }
        } finally {
            child.destroyForcibly();
        }
        here.awaitStored(Members.SOON);

        assertThat(content(file)).isEqualTo(Members.state(service)).hasSize(KEYS);
        assertThat(here.status().partitions()).isEqualTo(16);
    }

    private static Map<String, String> content(Path file) throws Exception {
        Map<String, String> content = new TreeMap<>();
        JsonLines.file(file)
                .restore(
                        new Restore() {
                            @Override
                            public void put(String key, Object document) {
                                content.put(key, Members.text(document));
                            }

                            @Override
                            public void remove(String key) {
                                content.remove(key);
                            }
                        });
        return content;
    }
}
