package io.tuli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.TuliException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FE-27")
class SettingsTest {
    @TempDir Path directory;

    @Test
    void nothingSetMeansTheDefaults() {
        Settings settings = settings(Map.of(), Map.of(), Map.of());

        int eighthOfHeap = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8);
        assertThat(settings.limits())
                .isEqualTo(Limits.builder().laggingBytes(eighthOfHeap).build());
        assertThat(settings.value(KnownSettings.MESH)).isEqualTo("tuli");
        assertThat(settings.value(KnownSettings.NODE_ID)).isEmpty();
        assertThat(settings.value(KnownSettings.PEERS)).isEmpty();
        assertThat(settings.origin(KnownSettings.PORT)).hasToString("default");
    }

    @Test
    void noughtIsAValueWhereItMeansOne() {
        Settings settings =
                settings(Map.of("lagging.bytes", "0", "node.id", "0"), Map.of(), Map.of());

        assertThat(settings.limits().laggingBytes()).isZero();
        assertThat(settings.value(KnownSettings.NODE_ID)).contains(0L);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatOthersCanHavePutThereIsReadOnlyWhereItIsAskedFor() throws IOException {
        file("tuli.properties", "name=planted\n");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        Settings unasked = settings(Map.of(), Map.of(), Map.of());
        Settings asked = settings(Map.of("config", "tuli.properties"), Map.of(), Map.of());

        assertThat(unasked.value(KnownSettings.NAME)).isEmpty();
        assertThat(unasked.warnings()).hasSize(1);
        assertThat(unasked.warnings().getFirst()).contains("tuli.properties here is not read");
        assertThat(asked.value(KnownSettings.NAME)).isEqualTo("planted");
        assertThat(asked.warnings()).isEmpty();
    }

    @Test
    void strongerPlaceWins() throws IOException {
        file("tuli.properties", "port=1\nbind=file\ntuli.mesh=file\nname=file\n");
        Map<String, String> environment =
                Map.of("TULI_PORT", "2", "TULI_BIND", "env", "TULI_MESH", "env", "PORT", "x");
        Map<String, String> properties =
                Map.of("tuli.port", "3", "tuli.bind", "property", "port", "x");

        Settings settings = settings(Map.of("port", "4"), properties, environment);

        assertThat(settings.value(KnownSettings.PORT)).isEqualTo(4);
        assertThat(settings.value(KnownSettings.BIND)).isEqualTo("property");
        assertThat(settings.value(KnownSettings.MESH)).isEqualTo("env");
        assertThat(settings.value(KnownSettings.NAME)).isEqualTo("file");
        assertThat(
                        List.of(
                                        KnownSettings.PORT,
                                        KnownSettings.BIND,
                                        KnownSettings.MESH,
                                        KnownSettings.NAME,
                                        KnownSettings.GROUP)
                                .stream()
                                .map(setting -> settings.origin(setting).toString()))
                .containsExactly(
                        "code",
                        "system property -Dtuli.bind",
                        "environment TULI_MESH",
                        "file tuli.properties",
                        "default");
    }

    @Test
    void fileCanBeNamed() throws IOException {
        file("other.properties", "message.bytes = 2MiB\n");

        Settings settings = settings(Map.of(), Map.of("tuli.config", "other.properties"), Map.of());

        assertThat(settings.limits().messageBytes()).isEqualTo(2 * 1024 * 1024);
        refused(
                () -> settings(Map.of("config", "missing.properties"), Map.of(), Map.of()),
                "a settings file must be readable");
    }

    @Test
    void unknownNameIsRefusedEverywhereButInTheEnvironment() throws IOException {
        refused(
                () -> settings(Map.of("mesage.bytes", "1"), Map.of(), Map.of()),
                "there is no setting mesage.bytes: origin=code; did you mean message.bytes?");
        refused(
                () -> settings(Map.of(), Map.of("tuli.prot", "1"), Map.of()),
                "origin=system property -Dtuli.prot; did you mean port?");
        file("tuli.properties", "colour=red\n");
        refused(
                () -> settings(Map.of(), Map.of(), Map.of()),
                "there is no setting colour: origin=file tuli.properties");
    }

    @Test
    void launchersAndTestsOwnNamesAreLeftAlone() {
        Settings settings =
                settings(
                        Map.of(),
                        Map.of("tuli.seed", "42"),
                        Map.of("TULI_JAVA_HOME", "/jdk", "TULI_JVM_FLAGS", "-Xmx1g"));

        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void unknownVariablesOfTheEnvironmentAreToldInOneSentence() {
        Settings settings =
                settings(
                        Map.of(),
                        Map.of(),
                        Map.of("TULI_KEY_BITES", "secret", "TULI_", "x", "TULI_SERVICE_HOST", "y"));

        assertThat(settings.warnings())
                .containsExactly(
                        "environment variables that begin with TULI_ and name no setting are"
                                + " ignored: TULI_, TULI_KEY_BITES (did you mean TULI_KEY_BYTES?),"
                                + " TULI_SERVICE_HOST");
    }

    /** What a pod finds in its environment beside a service called tuli with two ports. */
    @Test
    void variablesOfKubernetesForAServiceCalledTuliAreIgnored() {
        Map<String, String> pod = new HashMap<>();
        pod.put("TULI_SERVICE_HOST", "10.96.0.7");
        pod.put("TULI_SERVICE_PORT", "7800");
        pod.put("TULI_SERVICE_PORT_DATA", "7800");
        pod.put("TULI_PORT", "tcp://10.96.0.7:7800");
        for (String port : List.of("7800_TCP", "9000_UDP")) {
            pod.put("TULI_PORT_" + port, "tcp://10.96.0.7:7800");
            pod.put("TULI_PORT_" + port + "_PROTO", "tcp");
            pod.put("TULI_PORT_" + port + "_PORT", "7800");
            pod.put("TULI_PORT_" + port + "_ADDR", "10.96.0.7");
        }

        Settings settings = settings(Map.of(), Map.of(), pod);

        assertThat(settings.value(KnownSettings.PORT)).isZero();
        assertThat(settings.origin(KnownSettings.PORT)).hasToString("default");
        assertThat(settings.warnings()).hasSize(2);
        assertThat(settings.warnings().getFirst())
                .contains("Kubernetes", "TULI_PORT;", "enableServiceLinks");
        assertThat(settings.warnings().getLast())
                .contains("TULI_PORT_7800_TCP_ADDR", "TULI_SERVICE_HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://1.2.3.4:80", " udp://[::1]:80", "sctp://x"})
    void whatKubernetesPutsInPlaceOfAPortIsNoPort(String text) {
        Settings settings = settings(Map.of("loops", "3"), Map.of(), Map.of("TULI_PORT", text));

        assertThat(settings.value(KnownSettings.PORT)).isZero();
        refused(
                () -> settings(Map.of("port", text), Map.of(), Map.of()),
                "setting port must be 0..65535");
        refused(
                () -> settings(Map.of(), Map.of("tuli.port", text), Map.of()),
                "setting port must be 0..65535");
    }

    @Test
    void wrongValueOfAKnownVariableIsStillRefused() {
        refused(
                () -> settings(Map.of(), Map.of(), Map.of("TULI_PORT", "http://a")),
                "setting port must be 0..65535: port=http://a origin=environment TULI_PORT");
    }

    @Test
    void manyUnknownVariablesAreCountedNotNamed() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            many.put("TULI_X" + i + "Y".repeat(i), "z");
        }

        List<String> warnings = settings(Map.of(), Map.of(), many).warnings();

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst()).endsWith(" and 980 more").hasSizeLessThan(3_000);
    }

    @ParameterizedTest
    @CsvSource({
        "message.bytes, 16MB",
        "message.bytes, -1",
        "message.bytes, 8GiB",
        "message.bytes, 99999999999999999GiB",
        "request.deadline, 20",
        "request.deadline, soon",
        "calls.in.flight, 1.5",
        "port, 65536",
        "insecure, maybe",
        "backoff.jitter, NaN",
        "backoff.jitter, 1.1",
        "peers, localhost",
        "peers, localhost:0",
        "peers, srv:_a b",
        "peers, srv:_tuli._tcp.x@dns",
        "peers, srv:_tuli._tcp.x@dns:0",
        "peers, srv:_tuli._tcp.x@dns:65536",
        "peers, srv:_tuli._tcp.x@ldap://evil:53",
        "node.id, xyz",
        "mesh, a b"
    })
    void textThatIsNoSuchValueIsRefused(String name, String text) {
        refused(
                () -> settings(Map.of(name, text), Map.of(), Map.of()),
                "setting " + name + " must be ");
    }

    @Test
    void valuesAreReadInTheirUnits() {
        Settings settings =
                settings(
                        Map.of(
                                "outbox.bytes", "32 mib",
                                "key.bytes", "1024",
                                "dedup.window", "1h",
                                "handshake.time", "1500ms",
                                "loop.spin", "20us",
                                "insecure", "YES",
                                "node.id", "Ff",
                                "peers", "a:1, [::1]:2,",
                                "backoff.jitter", "0.25"),
                        Map.of(),
                        Map.of());

        assertThat(settings.limits().outboxBytes()).isEqualTo(32 << 20);
        assertThat(settings.limits().keyBytes()).isEqualTo(1024);
        assertThat(settings.limits().dedupWindow()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.limits().handshakeTime()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(settings.value(KnownSettings.LOOP_SPIN)).isEqualTo(Duration.ofNanos(20_000));
        assertThat(settings.value(KnownSettings.INSECURE)).isTrue();
        assertThat(settings.value(KnownSettings.NODE_ID)).contains(255L);
        assertThat(settings.value(KnownSettings.PEERS)).containsExactly("a:1", "[::1]:2");
        assertThat(settings.value(KnownSettings.BACKOFF_JITTER)).isEqualTo(0.25);
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        Settings settings = settings(Map.of("message.bytes", "1"), Map.of(), Map.of());

        refused(settings::limits, "message.bytes must be 1 KiB..64 MiB");
    }

    @Test
    void secretIsNeverShown() {
        Settings settings = settings(Map.of("secret", "swordfish"), Map.of(), Map.of());

        assertThat(settings.value(KnownSettings.SECRET)).isEqualTo("swordfish");
        assertThat(settings.chosen())
                .extracting(Settings.Chosen::shown)
                .contains("(hidden)")
                .doesNotContain("swordfish");
    }

    @Test
    void everyLimitCanBeSet() {
        List<String> limits =
                Arrays.stream(Limits.Builder.class.getMethods())
                        .filter(method -> method.getReturnType() == Limits.Builder.class)
                        .map(Method::getName)
                        .filter(name -> !name.equals("groups"))
                        .map(name -> name.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT))
                        .toList();

        assertThat(limits).hasSizeGreaterThan(15);
        assertThat(KnownSettings.names()).doesNotHaveDuplicates().containsAll(limits);
        assertThat(KnownSettings.names().stream().filter(name -> name.startsWith("groups.")))
                .hasSize(Limits.Groups.class.getRecordComponents().length);
    }

    @Test
    void whatGroupsMayTakeHasBounds() {
        Settings settings = settings(Map.of("groups.unsettled", "5000"), Map.of(), Map.of());

        assertThat(settings.limits().groups().unsettled()).isEqualTo(5_000);
        refused(() -> limits("groups.per.partition", "257"), "groups.per.partition must be 1..256");
        refused(() -> limits("groups.readers", "0"), "groups.readers must be 1..100000");
        refused(() -> limits("groups.handover", "2s"), "groups.handover must be >= 3 s");
        refused(() -> limits("groups.memory", "4s"), "groups.memory must be >= groups.handover");
        refused(() -> limits("groups.report", "11s"), "groups.report must be 1ms..10s");
        refused(() -> limits("groups.in.flight", "0"), "groups.in.flight must be 1..1000000");
        refused(() -> limits("groups.unsettled", "10001"), "groups.unsettled must be 1..10000");
        refused(() -> limits("groups.rejected", "0"), "groups.rejected must be 1..1000");
        refused(
                () ->
                        settings(
                                        Map.of("groups.unsettled", "2000", "message.bytes", "1KiB"),
                                        Map.of(),
                                        Map.of())
                                .limits(),
                "groups.unsettled must be <= 1000 + message.bytes / 32");
    }

    private Limits limits(String name, String value) {
        return settings(Map.of(name, value), Map.of(), Map.of()).limits();
    }

    private Settings settings(
            Map<String, String> code,
            Map<String, String> properties,
            Map<String, String> environment) {
        return Settings.of(new SettingSources(code, properties, environment, directory));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        e -> assertThat(e.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining(text);
    }
}
