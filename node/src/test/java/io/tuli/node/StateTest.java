package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.log.Stored;
import io.tuli.service.LocalService;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StateTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    @Tag("FE-01")
    void everyMemberHoldsTheSameStateClientsIncluded() {
        Service<Object> one = meshes.server().serve("things", Object.class);
        Service<Object> two = meshes.server().serve("things", Object.class);
        Service<Object> client = meshes.client().use("things", Object.class);

        one.update("a", 1).reply().join();
        two.update("b", Map.of("c", List.of(1, 2))).reply().join();
        client.update("b.d", "x").reply().join();

        Map<String, Object> expected = Map.of("a", 1, "b", Map.of("c", List.of(1, 2), "d", "x"));
        for (Service<Object> each : List.of(one, two, client)) {
            await().atMost(SOON).until(() -> each.state().equals(expected));
        }
    }

    @Test
    @Tag("FE-02")
    void builtInVerbsWorkAtAnyDepth() {
        Service<Object> things = meshes.server().serve("things", Object.class);

        things.update("a.b.c", "deep").reply().join();
        assertThat(things.get("a.b.c", String.class)).isEqualTo("deep");
        assertThat(things.push("a.list", 7).reply().join()).isZero();
        assertThat(things.push("a.list", 8).reply().join()).isEqualTo(1);
        assertThat(things.get("a.list", Object.class)).isEqualTo(List.of(7, 8));
        assertThat(things.remove("a.b").reply().join()).isTrue();
        assertThat(things.remove("a.b").reply().join()).isFalse();
        things.patch("a", Map.of("x", 1, "y", 2)).reply().join();
        assertThat(things.get("a", Object.class))
                .isEqualTo(Map.of("list", List.of(7, 8), "x", 1, "y", 2));
        assertThat(things.add("fresh", true).reply().join()).isEqualTo("fresh");
    }

    @Test
    void countersAndSetsAreChangedByWhatIsAddedToThem() {
        Service<Object> things = meshes.server().serve("things", Object.class);

        assertThat(things.increment("a.sum", 2).reply().join()).isEqualTo(2);
        assertThat(things.increment("a.sum", -5).reply().join()).isEqualTo(-3);
        assertThat(things.include("a.set", "x").reply().join()).isTrue();
        assertThat(things.include("a.set", "x").reply().join()).isFalse();
        assertThat(things.include("a.set", Map.of("y", 1)).reply().join()).isTrue();
        assertThat(things.exclude("a.set", "x").reply().join()).isTrue();
        assertThat(things.exclude("a.set", "x").reply().join()).isFalse();

        assertThat(things.get("a.set", Object.class)).isEqualTo(List.of(Map.of("y", 1)));
        assertThat(things.get("a", Object.class))
                .isEqualTo(Map.of("sum", -3, "set", List.of(Map.of("y", 1))));
        assertThatThrownBy(() -> things.include("a.sum", 1).reply().join())
                .hasMessageContaining("array or nothing");
    }

    @Test
    @Tag("FE-02")
    void addWithoutAKeyMakesAUniqueOne() {
        Service<Object> things = meshes.server().serve("things", Object.class);

        String one = things.add("first").reply().join();
        String two = things.add("second").reply().join();

        assertThat(things.state()).isEqualTo(Map.of(one, "first", two, "second"));
    }

    @Test
    @Tag("FE-02")
    void addToAKeyThatExistsIsAConflict() {
        Service<Object> things = meshes.server().serve("things", Object.class);
        things.add("k", 1).reply().join();

        assertThatThrownBy(() -> things.add("k", 2).reply().join())
                .hasCauseInstanceOf(TuliException.class)
                .cause()
                .extracting("failure")
                .isEqualTo(Failure.CONFLICT);
        assertThat(things.get("k", Integer.class)).isEqualTo(1);
    }

    @Test
    @Tag("FE-03")
    void aChangeCanBeSentAsAMessage() {
        Service<Object> things = meshes.server().serve("things", Object.class);

        things.set(Edit.update(Key.parse("a.b"), Payload.json("[1]"))).reply().join();
        things.set(Edit.add(Key.parse("a.b.0"), Payload.json("0"))).reply().join();
        things.set(Edit.remove(Key.parse("a.b.1"))).reply().join();

        assertThat(things.get("a.b", Object.class)).isEqualTo(List.of(0));
    }

    @Test
    @Tag("FE-06")
    void onceRepliedTheReplicaOfTheCallerShowsTheWrite() {
        meshes.server().serve("things", Object.class);
        meshes.server().serve("things", Object.class);
        Service<Object> client = synced(meshes.client().use("things", Object.class));

        for (int i = 0; i < 300; i++) {
            client.update("k" + i % 20, i).reply().join();
            assertThat(client.get("k" + i % 20, Integer.class)).isEqualTo(i);
        }
    }

    @Test
    @Tag("FE-07")
    void valuesAndKeysSurviveUnchanged() {
        Service<Object> server = meshes.server().serve("things", Object.class);
        Service<Object> client = synced(meshes.client().use("things", Object.class));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "Zürich \u0000 \uD83D\uDE00 \"quoted\"");
        values.put("number", 1.5);
        values.put("big", 9007199254740993L);
        values.put("no", false);
        values.put("nothing", null);
        values.put("list", Arrays.asList(1, null, "x", List.of()));
        values.put("key with spaces and ünïcödé " + "long".repeat(200), Map.of());

        values.forEach((key, value) -> client.update(text(key), value).reply().join());

        assertThat(client.state()).isEqualTo(values);
        assertThat(server.state()).isEqualTo(values);
        assertThat(server.state()).containsEntry("nothing", null);
    }

    private static String text(String topLevelKey) {
        return Key.of(topLevelKey).toString();
    }

    @Test
    @Tag("FE-07")
    void opaqueBytesSurviveUnchanged() {
        Mesh mesh = meshes.server();
        Service<byte[]> blobs = mesh.serve("blobs", byte[].class);
        byte[] bytes = new byte[70_000];
        new java.util.Random(7).nextBytes(bytes);

        blobs.update("k", bytes).reply().join();

        assertThat(blobs.state().get("k")).isEqualTo(bytes);
        assertThat(blobs.read("k", byte[].class).reply().join()).isEqualTo(bytes);
    }

    @Test
    @Tag("FE-08")
    void aPartitionerKeepsKeysTogether() {
        ServiceConfig<Object> config =
                ServiceConfig.of("carts", Object.class)
                        .partitioner(key -> key.substring(0, key.indexOf(':')))
                        .handler(
                                (message, turn) -> {
                                    turn.update(message.key().top(), "bought");
                                    turn.update("u1:total", 3);
                                    return null;
                                });
        Service<Object> carts = meshes.server().serve(config);

        carts.key("u1:cart").send(io.tuli.Message.of("BUY")).reply().join();

        assertThat(carts.state()).isEqualTo(Map.of("u1:cart", "bought", "u1:total", 3));
    }

    @Test
    void clientsReadAtTheOwnerWithoutAReplica() {
        meshes.server().serve("things", Object.class).update("a.b", 5).reply().join();
        Service<Object> client =
                meshes.client().use(ServiceConfig.of("things", Object.class).withoutReplica());

        assertThat(client.read("a.b", Integer.class).reply().join()).isEqualTo(5);
        assertThat(client.read("a.c", Integer.class).reply().join()).isNull();
        assertThat(client.state()).isEmpty();
    }

    @Test
    void whoOnlySentBeforeHoldsAReplicaOnceItAsksForOne() {
        meshes.server().serve("things", Object.class).update("a.b", 5).reply().join();
        Mesh client = meshes.client();
        ServiceConfig<Object> things = ServiceConfig.of("things", Object.class);
        Service<Object> sender = client.use(things.withoutReplica());
        sender.update("c", 6).reply().join();

        Service<Object> holder = synced(client.use(things));

        assertThat(holder.state()).isEqualTo(Map.of("a", Map.of("b", 5), "c", 6));
        sender.update("c", 7).reply().join();
        assertThat(sender.state()).isEqualTo(holder.state()).containsEntry("c", 7);
    }

    @Test
    void whoAsksForAReplicaBeforeABusyLoopKnowsTheServiceHoldsOne() throws Exception {
        meshes.server().serve("things", Object.class).update("k", 5).reply().join();
        Mesh client = meshes.join(builder -> builder.client().loops(2));
        CountDownLatch mayGoOn = new CountDownLatch(1);
        context(client)
                .loops()
                .at(1)
                .post((Runnable) () -> await().until(() -> mayGoOn.getCount() == 0));
        ServiceConfig<Object> things = ServiceConfig.of("things", Object.class);
        client.use(things.withoutReplica());
        Service<Object> holder = client.use(things);

        mayGoOn.countDown();

        assertThat(synced(holder).state()).isEqualTo(Map.of("k", 5));
    }

    @Test
    void whoServesWhatItUsedBeforeKeepsWhatTheOthersHold() {
        Service<Object> first = meshes.server().serve("things", Object.class);
        first.update("k", 1).reply().join();
        Mesh late = meshes.server();
        Service<Object> used = synced(late.use("things", Object.class));
        assertThat(used.get("k", Integer.class)).isEqualTo(1);

        Service<Object> served = synced(late.serve("things", Object.class));
        await().atMost(SOON).until(() -> late.report("things").owned() > 115);
        served.update("j", 2).reply().join();

        assertThat(used.state()).isEqualTo(Map.of("k", 1, "j", 2));
    }

    record Cart(int items) {}

    @Test
    void oneWrongWriteDoesNotPoisonATypedService() {
        Mesh mesh = meshes.server();
        Service<Cart> carts = mesh.serve("carts", Cart.class);
        carts.update("ada", new Cart(1)).reply().join();
        wrong(mesh, "eve", Map.of("items", "many"));

        assertThat(carts.state().values()).containsExactly(new Cart(1));
        assertThat(carts.state().keySet()).containsExactlyInAnyOrder("ada", "eve");
        assertThat(carts.state().toString()).contains("ada=Cart[items=1]", "eve=(unreadable:");
        assertThatThrownBy(() -> carts.state().get("eve"))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> assertThat(why.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining("service=carts key=eve type=" + Cart.class.getTypeName());
        assertThatThrownBy(() -> carts.get("eve.items", Integer.class))
                .hasMessageContaining("service=carts key=eve.items type=java.lang.Integer");
        assertThat(carts.get("eve.items", String.class)).isEqualTo("many");
    }

    /** Puts a document where no check of the service's looks. */
    private static void wrong(Mesh mesh, String key, Object value) {
        LocalService carts = context(mesh).book().find("carts").orElseThrow();
        Payload document = new JsonCodec(Limits.defaults()).encode(value);
        carts.state(carts.spec().partitionOf(key)).put(key, new Stored(document, 0, 0));
    }
}
