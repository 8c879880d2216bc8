package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A duration may be as long as one likes: it is for ever, and nothing overflows. */
class EndlessTest {

    private static final List<Duration> ENDLESS =
            List.of(
                    Duration.ofDays(365 * 100),
                    Duration.ofDays(365 * 300),
                    Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

    /** Those for whose end nobody waits where all is well. */
    private static final List<Setting<Duration>> HARMLESS =
            List.of(
                    KnownSettings.LOOP_STUCK,
                    KnownSettings.REQUEST_DEADLINE,
                    KnownSettings.SURVEY_DEADLINE,
                    KnownSettings.DEDUP_WINDOW,
                    KnownSettings.TOMBSTONE_GRACE,
                    KnownSettings.HANDSHAKE_TIME,
                    KnownSettings.MEMBERSHIP_JOIN_MAX,
                    KnownSettings.MEMBERSHIP_LEAVE,
                    KnownSettings.MEMBERSHIP_SILENCE,
                    KnownSettings.MEMBERSHIP_VERIFY,
                    KnownSettings.MEMBERSHIP_MERGE_MAX,
                    KnownSettings.MEMBERSHIP_REPEAT,
                    KnownSettings.MEMBERSHIP_CONFIRM,
                    KnownSettings.LINK_SILENCE,
                    KnownSettings.LINK_STUCK,
                    KnownSettings.LINK_CONNECT,
                    KnownSettings.BACKOFF_CAP,
                    KnownSettings.HANDLER_SLOW,
                    KnownSettings.STREAM_IDLE,
                    KnownSettings.CLOSE_DRAIN);

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void leave() {
        meshes.close();
    }

    @Test
    void deadlinesOfCallsAndWaits() {
        Mesh mesh = meshes.server();
        for (Duration endless : ENDLESS) {
            String name = "things" + ENDLESS.indexOf(endless);
            ServiceConfig<Object> config = ServiceConfig.of(name, Object.class).deadline(endless);
            Service<Object> served = mesh.serve(config);
            served.awaitSync(endless);
            Service<Object> used = meshes.client().use(name, Object.class);

            Message push = Message.of("push", 1).key("list").within(endless);
            assertThat(used.send(push).reply().join()).isEqualTo(0);
            assertThat(served.send(push).reply().join()).isEqualTo(1);
            assertThat(served.update("k", 1).reply().join()).isNull();
            used.awaitSync(endless);
            assertThat(mesh.reports(name, endless)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"109500d", "999999999999999999d", "999999999999999999us"})
    void settings(String endless) {
        Map<String, String> all = new HashMap<>();
        HARMLESS.forEach(setting -> all.put(setting.name(), endless));

        Mesh server = meshes.join(builder -> builder.settings(all));
        server.serve("things", Object.class);
        Service<Object> things = meshes.client().use("things", Object.class);

        assertThat(things.send(Message.of("push", 1).key("k")).reply().join()).isEqualTo(0);
    }

    /** One by one: whatever cannot be is refused as what it is. */
    @Test
    void everySettingThatIsADuration() {
        for (Setting<?> setting : KnownSettings.ALL) {
            boolean isWaitedFor =
                    setting.equals(KnownSettings.MEMBERSHIP_JOIN)
                            || setting.equals(KnownSettings.LOOP_SPIN);
            if (setting.unit().name().equals("duration") && !isWaitedFor) {
                Map<String, String> one = Map.of(setting.name(), "999999999999999999d");
                assertThatCode(() -> meshes.join(builder -> builder.settings(one)))
                        .as(setting.name())
                        .satisfiesAnyOf(
                                thrown -> assertThat(thrown).isNull(),
                                thrown ->
                                        assertThat(thrown)
                                                .isInstanceOfAny(
                                                        TuliException.class,
                                                        IllegalArgumentException.class));
            }
        }
    }
}
