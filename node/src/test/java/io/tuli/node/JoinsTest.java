package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.membership.Membership;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who has come and gone leaves nothing behind on those who stay. */
@Tag("slow")
class JoinsTest {

    private static final int WARM_UP = 40;
    private static final int CYCLES = 80;

    /** What is executed is remembered for a while; a client that leaked would keep 240 KB. */
    private static final long REMEMBERED_BYTES = 40_000;

    private final String mesh = "joins-" + UUID.randomUUID();

    @Test
    void theHeapOfAServerStaysFlatWhileClientsComeAndGo() throws Exception {
        try (Mesh server = Tuli.mesh(mesh).loops(1).join()) {
            server.serve("things", Object.class).awaitSync(Duration.ofSeconds(20));
            comeAndGo(WARM_UP);
            long before = liveBytes();
            Membership membership = TestMeshes.context(server).membership();
            long views = membership.groupViews();
            assertThat(views).isPositive();

            comeAndGo(CYCLES);

            long each = (liveBytes() - before) / CYCLES;
            assertThat(each).as("bytes kept of each client").isLessThan(REMEMBERED_BYTES);
            assertThat(membership.groupViews()).as("views of the group").isEqualTo(views);
        }
    }

    private void comeAndGo(int cycles) throws Exception {
        for (int i = 0; i < cycles; i++) {
            try (Mesh client = Tuli.mesh(mesh).client().loops(1).join()) {
                Service<Object> things = client.use("things", Object.class);
                things.increment("k" + i % 100, 1).reply().get(20, TimeUnit.SECONDS);
            }
        }
    }

    /** The least of some collections: what ends meanwhile is collected with the next. */
    private static long liveBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            least = Math.min(least, used);
        }
        return least;
    }
}
