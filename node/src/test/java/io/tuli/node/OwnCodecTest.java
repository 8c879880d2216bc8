package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-93: a codec of a service's own, also one that throws, and members that do not have it. */
@Tag("PT-93")
class OwnCodecTest {

    private final TestMeshes meshes = new TestMeshes();
    private Mesh server;
    private Service<Cart> carts;

    /** What a line of text is. */
    record Cart(String owner, int items) {

        Cart more() {
            return new Cart(owner, items + 1);
        }
    }

    /** Lines of text; of some owners it cannot write, or not read, or answers what it must not. */
    private static final class Lines implements Codec {

        @Override
        public Payload encode(@Nullable Object value) {
            Cart cart = (Cart) Objects.requireNonNull(value);
            return switch (cart.owner) {
                case "unwritable" -> throw new StackOverflowError("as users' code does");
                case "json" -> Payload.json("1");
                default -> Payload.opaque(line(cart.owner + ":" + cart.items));
            };
        }

        @Override
        public <T> @Nullable T decode(Payload payload, Class<T> type) {
            String[] parts = new String(payload.bytes(), StandardCharsets.UTF_8).split(":");
            if (parts[0].equals("unreadable")) {
                throw new AssertionError("as users' code does");
            }
            return parts[0].equals("nothing")
                    ? null
                    : type.cast(new Cart(parts[0], Integer.parseInt(parts[1])));
        }
    }

    private static byte[] line(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ServiceConfig<Cart> config() {
        return ServiceConfig.of("carts", Cart.class).partitions(4).codec("lines", new Lines());
    }

    @BeforeEach
    void start() {
        server = meshes.server();
        carts =
                server.serve(
                        config().handler(
                                        (message, turn) ->
                                                switch (message.verb()) {
                                                    case "MORE" -> {
                                                        Cart more = turn.value().more();
                                                        turn.update(more);
                                                        yield more;
                                                    }
                                                    case "TAKE" -> message.body(Cart.class).more();
                                                    default -> turn.pass();
                                                }));
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void valuesOfTheTypeAreItsBytesEverywhereAndAllElseIsJson() throws Exception {
        Service<Cart> used = synced(meshes.client().use(config()));
        List<Object> told = new CopyOnWriteArrayList<>();
        used.feed().each(change -> told.add(change.value(Cart.class)));
        used.events()
                .each(event -> told.add(event.value(Cart.class)))
                .ready()
                .get(20, TimeUnit.SECONDS);

        used.update("k", new Cart("ada", 1)).await();
        assertThat(used.send(Message.of("MORE").key("k"), Cart.class).await())
                .isEqualTo(new Cart("ada", 2));
        Message take = Message.of("TAKE", new Cart("bob", 6)).key("k");
        assertThat(used.send(take, Cart.class).await()).isEqualTo(new Cart("bob", 7));
        assertThat(used.remove("none").await()).isFalse();

        assertThat(used.state()).containsEntry("k", new Cart("ada", 2));
        assertThat(used.get("k", byte[].class)).isEqualTo(line("ada:2"));
        assertThat(used.read("k", Cart.class).await()).isEqualTo(new Cart("ada", 2));
        await().atMost(SOON).until(() -> told.size() == 2);
        carts.publish("p", new Cart("eve", 3));
        await().atMost(SOON).until(() -> told.size() == 3);
        assertThat(told)
                .containsExactly(new Cart("ada", 1), new Cart("ada", 2), new Cart("eve", 3));
    }

    @Test
    void membersWithoutTheCodecHoldAndShowBytesAndAServerHasToHaveIt() {
        carts.update("k", new Cart("ada", 1)).await();
        Service<Object> plain = synced(meshes.client().use("carts", Object.class));

        assertThat((byte[]) plain.state().get("k")).isEqualTo(line("ada:1"));
        assertThat(plain.read("k", byte[].class).await()).isEqualTo(line("ada:1"));
        plain.update("raw", line("bob:2")).await();
        assertThat(carts.get("raw", Cart.class)).isEqualTo(new Cart("bob", 2));
        Mesh other = meshes.server();
        refused(
                Failure.CONFLICT,
                () -> other.serve(ServiceConfig.of("carts", Cart.class).partitions(4)));
        refused(
                Failure.CONFLICT,
                () ->
                        other.serve(
                                ServiceConfig.of("carts", Cart.class)
                                        .partitions(4)
                                        .codec("other", new Lines())));
        Service<Cart> second = synced(other.serve(config()));
        assertThat(second.state())
                .containsEntry("k", new Cart("ada", 1))
                .containsEntry("raw", new Cart("bob", 2));
    }

    @Test
    void whateverACodecThrowsRefusesTheValueAndEndsNobody() {
        Service<Cart> used = synced(meshes.client().use(config()));
        Service<Object> plain = meshes.client().use("carts", Object.class);
        carts.update("good", new Cart("ada", 1)).await();

        refused(Failure.BAD_REQUEST, () -> used.update("k", new Cart("unwritable", 1)).await());
        refused(Failure.BAD_REQUEST, () -> used.update("k", new Cart("json", 1)).await());
        refused(Failure.BAD_REQUEST, () -> used.update("k", new Cart("unreadable", 1)).await());
        refused(Failure.BAD_REQUEST, () -> plain.update("k", line("nothing:1")).await());
        refused(Failure.BAD_REQUEST, () -> plain.update("k", line("x:many")).await());
        refused(Failure.BAD_REQUEST, () -> plain.get("good", Cart.class));
        refused(
                Failure.BAD_REQUEST,
                () -> used.send(Message.of("TAKE", line("unreadable:1")).key("k")).await());
        refused(Failure.HANDLER_FAILED, () -> used.send(Message.of("MORE").key("k")).await());

        assertThat(used.send(Message.of("MORE").key("good"), Cart.class).await())
                .isEqualTo(new Cart("ada", 2));
        assertThat(server.closed()).isNotDone();
    }

    @Test
    void nothingLiesInsideOfBytesAndATypeOfItsOwnHasACodecOfItsOwn() {
        carts.update("k", new Cart("ada", 1)).await();

        assertThatThrownBy(() -> carts.increment("k.items", 1).await())
                .isInstanceOf(TuliException.class);
        assertThatThrownBy(() -> carts.patch("k", new Cart("bob", 1)).await())
                .isInstanceOf(TuliException.class);
        assertThat(carts.state()).containsEntry("k", new Cart("ada", 1));
        assertThatThrownBy(() -> ServiceConfig.of("x", Object.class).codec("lines", new Lines()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config().codec("no name!", new Lines()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void refused(Failure failure, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(failure));
    }
}
