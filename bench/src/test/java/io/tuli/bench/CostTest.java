package io.tuli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message costs no more than it did: counted in bytes allocated and in calls of the kernel, which
 * a busy machine does not change. The bounds are in {@code bounds.properties}.
 */
@Tag("slow")
class CostTest {

    /**
     * What a compiler spares is settled early in a JVM's life, partly by chance, and stays; one of
     * some new ones shows what the code costs.
     */
    private static final int JVMS_MOST = 4;

    @ParameterizedTest
    @ValueSource(strings = {"update", "reply"})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aMessageCostsNoMoreThanItDid(String work) throws Exception {
        Cost bound = bound(work);
        List<Cost> costs = new ArrayList<>();
        while (costs.size() < JVMS_MOST && costs.stream().noneMatch(cost -> cost.isWithin(bound))) {
            costs.add(inANewJvm(work, bound));
            System.out.println("cost " + work + " " + costs.getLast());
        }
        assertThat(costs).as("%s, bound %s", work, bound).anyMatch(cost -> cost.isWithin(bound));
        assertThat(costs.getLast().loopBytes()).isPositive();
    }

    private static Cost inANewJvm(String work, Cost bound)
            throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator;
        Process process =
                new ProcessBuilder(
                                java + "java",
                                "-Djava.net.preferIPv4Stack=true",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CostMain.class.getName(),
                                work,
                                bound.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("it ends: %s", said).isTrue();
            return Cost.parse(said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Cost bound(String work) throws IOException {
        Properties bounds = new Properties();
        try (InputStream file = CostTest.class.getResourceAsStream("/bounds.properties")) {
            bounds.load(file);
        }
        return new Cost(
                bound(bounds, work + ".bytes"),
                bound(bounds, work + ".loop.bytes"),
                bound(bounds, work + ".calls"));
    }

    private static double bound(Properties bounds, String name) {
        return Double.parseDouble(bounds.getProperty(name));
    }
}
