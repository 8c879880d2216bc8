package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What services say of themselves, as all members know it; and those that stay at home. */
class DescribedServicesTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    private static ServiceConfig<Object> todos(String version) {
        ServiceConfig<Object> config = Resource.documents("todos", Object.class).config();
        return config.describe(
                config.description().application("shop").version(version).option("group", "eu"));
    }

    private static void awaitVersions(Mesh mesh, String... versions) {
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(mesh.service("todos"))
                                        .hasValueSatisfying(
                                                told ->
                                                        assertThat(told.versions())
                                                                .containsExactly(versions)));
    }

    @Test
    @Tag("FD-16")
    @Tag("FD-25")
    void everyMemberKnowsWhatAServiceSaysOfItselfWhoeverCameFirst() {
        Mesh early = meshes.server();
        Mesh client = meshes.client();
        Mesh server = meshes.server();
        server.serve(todos("1.0"));
        server.serve(ServiceConfig.stateless("plain", (message, turn) -> "said"));
        Mesh late = meshes.client();
        for (Mesh mesh : List.of(early, client, server, late)) {
            awaitVersions(mesh, "1.0");
            ServiceDescription todos = mesh.service("todos").orElseThrow();
            assertThat(todos.application()).isEqualTo("shop");
            assertThat(todos.isStateless()).isFalse();
            assertThat(todos.methods()).contains("find", "create").hasSize(6);
            assertThat(todos.events())
                    .containsExactlyInAnyOrder("created", "updated", "patched", "removed");
            assertThat(todos.options()).isEqualTo(Map.of("group", "eu"));
            assertThat(todos.servers()).containsExactly(server.self());
            assertThat(mesh.services())
                    .extracting(ServiceDescription::name)
                    .containsExactly("plain", "todos");
            assertThat(mesh.service("plain").orElseThrow().isStateless()).isTrue();
            assertThat(mesh.service("none")).isEmpty();
        }
    }

    @Test
    @Tag("FD-20")
    void aServiceAppearsOnceAndIsGoneWhenItsLastServerGoes() {
        Mesh here = meshes.server();
        List<MeshEvent> told = new CopyOnWriteArrayList<>();
        here.events(told::add);
        Mesh one = meshes.server();
        one.serve(todos("1.0"));
        Mesh two = meshes.server();
        two.serve(todos("2.0"));
        awaitVersions(here, "1.0", "2.0");
        one.close();
        awaitVersions(here, "2.0");
        assertThat(ofServices(told))
                .extracting(MeshEvent::kind)
                .containsExactly(MeshEvent.Kind.SERVICE_APPEARED);
        two.close();
        await().atMost(SOON).until(() -> ofServices(told).size() == 2);
        MeshEvent gone = ofServices(told).get(1);
        assertThat(gone.kind()).isEqualTo(MeshEvent.Kind.SERVICE_GONE);
        assertThat(gone.service()).contains("todos");
        assertThat(gone.description().orElseThrow().version()).isEqualTo("2.0");
        await().atMost(SOON).until(() -> here.services().isEmpty());
    }

    private static List<MeshEvent> ofServices(List<MeshEvent> told) {
        return told.stream()
                .filter(
                        event ->
                                event.kind() == MeshEvent.Kind.SERVICE_APPEARED
                                        || event.kind() == MeshEvent.Kind.SERVICE_GONE)
                .toList();
    }

    @Test
    @Tag("FD-25")
    void whoSaysTooMuchOfItsServicesIsToldSoAndServesTheRest() {
        Mesh server = meshes.server();
        ServiceDescription much = ServiceDescription.NONE.option("a", "x".repeat(2_000));
        for (int i = 0; i < 32; i++) {
            server.serve(ServiceConfig.stateless("s" + i, (message, turn) -> "").describe(much));
        }
        assertThatThrownBy(
                        () ->
                                server.serve(
                                        ServiceConfig.stateless("more", (message, turn) -> "")
                                                .describe(much)))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        e -> assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE))
                .hasMessageContaining("describe()");
        server.serve(ServiceConfig.stateless("more", (message, turn) -> "served"));
        Mesh other = meshes.server();
        await().atMost(SOON).until(() -> other.services().size() == 33);
    }

    @Test
    @Tag("FD-12")
    @Tag("FD-20")
    @Tag("FD-21")
    void whoHearsThatAServiceHasAppearedCanCallItAndOfInternalOnesHearsNothing() {
        Mesh here = meshes.server();
        Mesh server = meshes.server();
        Queue<String> told = new ConcurrentLinkedQueue<>();
        here.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.SERVICE_APPEARED) {
                        String name = event.service().orElseThrow();
                        ServiceConfig<Void> config = ServiceConfig.stateless(name);
                        told.add(name + " " + here.use(config).send(GO.failFast()).await());
                    } else if (event.kind() == MeshEvent.Kind.SERVICE_GONE) {
                        told.add(event.service().orElseThrow() + " gone");
                    }
                });
        server.serve(secrets()).close();
        for (int i = 0; i < 4; i++) {
            Service<Void> brief =
                    server.serve(ServiceConfig.stateless("s" + i, (message, turn) -> "called"));
            String expected = "s" + i + " called";
            await().atMost(SOON).until(() -> told.contains(expected));
            assertThat(here.service("s" + i).orElseThrow().servers())
                    .as("it is told apart from one's own")
                    .doesNotContain(here.self());
            brief.close();
            String gone = "s" + i + " gone";
            await().atMost(SOON).until(() -> told.contains(gone));
        }
        assertThat(told).hasSize(8).noneMatch(each -> each.contains("secrets"));
    }

    private static final Message GO = Message.of("GO");

    @Test
    @Tag("FD-07")
    void whoUsesAServiceDoesNotServeIt() {
        Mesh server = meshes.server();
        synced(server.serve(todos("1.0")));
        Mesh user = meshes.server();
        synced(user.use("todos", Object.class));
        Mesh third = meshes.client();
        awaitVersions(third, "1.0");

        assertThat(third.service("todos").orElseThrow().servers()).containsExactly(server.self());
        server.close();

        for (Mesh mesh : List.of(user, third)) {
            await().atMost(SOON).until(() -> mesh.services().isEmpty());
        }
    }

    @Test
    @Tag("FD-64")
    @Tag("COX-5")
    void aHundredServicesCostNoThreadNoLinkAndNoPortMore() {
        Mesh server = meshes.server();
        Mesh user = meshes.server();
        server.serve(ServiceConfig.stateless("s", (message, turn) -> "said"));
        use(user, "s");
        Set<Thread> before = threads();

        for (int i = 0; i < 100; i++) {
            server.serve(ServiceConfig.stateless("s" + i, (message, turn) -> "said"));
        }
        await().atMost(SOON).until(() -> user.services().size() == 101);
        for (int i = 0; i < 100; i++) {
            use(user, "s" + i);
        }

        assertThat(user.links()).containsOnlyKeys(server.self());
        assertThat(server.links()).containsOnlyKeys(user.self());
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            Set<Thread> after = threads();
                            after.removeAll(before);
                            assertThat(after).isEmpty();
                        });
    }

    private static void use(Mesh by, String name) {
        assertThat(by.use(ServiceConfig.stateless(name)).send(GO).await()).isEqualTo("said");
    }

    /** Those of the library. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tuli-"))
                .collect(Collectors.toSet());
    }

    // ---- kept at home --------------------------------------------------------------------------

    private static ServiceConfig<Object> secrets() {
        return ServiceConfig.of("secrets", Object.class).partitions(4).internal();
    }

    @Test
    @Tag("FD-02")
    @Tag("FD-06")
    void anInternalServiceIsOfItsProcessAlone() {
        Mesh server = meshes.server();
        Mesh other = meshes.server();
        Service<Object> inside = synced(server.serve(secrets()));
        server.serve(ServiceConfig.stateless("inner", (message, turn) -> "inside").internal());
        inside.update("k", 1).reply().join();
        assertThat(inside.read("k", Integer.class).reply().join()).isEqualTo(1);
        assertThat(server.use("secrets", Object.class).get("k", Integer.class)).isEqualTo(1);
        Service<Void> inner = server.use(ServiceConfig.stateless("inner"));
        assertThat(inner.any().send(Message.of("GO")).reply().join()).isEqualTo("inside");
        Collected<Object> all = new Collected<>();
        inner.all().send(Message.of("GO")).replies().subscribe(all);
        await().atMost(SOON).until(all::isOver);
        assertThat(all.soFar()).containsExactly("inside");

        other.serve("told", Object.class);
        await().atMost(SOON).until(() -> server.service("told").isPresent());
        for (Mesh mesh : List.of(server, other)) {
            assertThat(mesh.services())
                    .extracting(ServiceDescription::name)
                    .containsExactly("told");
        }
        assertThat(
                        other.use(ServiceConfig.of("secrets", Object.class).withoutReplica())
                                .send(Message.of("get").key("k").failFast())
                                .reply())
                .failsWithin(SOON);
        inside.update("k", 2).reply().join();
    }

    @Test
    @Tag("FD-05")
    void whoeverSpeaksToAnInternalServiceFromOutsideIsRefused() throws IOException {
        Mesh server = meshes.server();
        Service<Object> inside = synced(server.serve(secrets()));
        inside.update("k", "own").reply().join();
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            int number = ServiceSpec.numberOf("secrets");
            raw.send(
                    new Frame.Ask(
                            number,
                            1,
                            new RequestId(1, 1),
                            1_000,
                            "GO",
                            Key.NONE,
                            Payload.NONE,
                            new TreeMap<>()));
            Frame answer = raw.receive();
            while (!(answer instanceof Frame.Result)) {
                answer = raw.receive();
            }
            assertThat(((Frame.Result) answer).failure()).isEqualTo(Failure.NOT_AUTHORISED);
            assertThat(((Frame.Result) answer).detail()).contains("internal to its process");
        }
        assertThat(inside.read("k", String.class).reply().join()).isEqualTo("own");
    }

    @Test
    @Tag("FD-02")
    void anInternalServiceHasANameThatNobodyElseServes() {
        Mesh server = meshes.server();
        server.serve("secrets", Object.class);
        Mesh other = meshes.server();
        await().atMost(SOON).until(() -> other.service("secrets").isPresent());
        assertThatThrownBy(() -> other.serve(secrets()))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        e -> assertThat(e.failure()).isEqualTo(Failure.CONFLICT))
                .hasMessageContaining("nobody else serves");
    }

    @Test
    @Tag("FD-06")
    void whoServesAnInternalServiceLeavesInGoodTime() {
        Mesh server = meshes.server();
        synced(server.serve(secrets())).update("k", 1).reply().join();
        meshes.server().serve("others", Object.class);
        long begun = System.nanoTime();
        server.close();
        assertThat(System.nanoTime() - begun).isLessThan(8_000_000_000L);
    }
}
