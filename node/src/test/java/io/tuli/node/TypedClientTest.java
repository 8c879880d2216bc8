package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Call;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Outcome;
import io.tuli.Page;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.TuliException;
import io.tuli.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service behind a plain interface, on both sides. */
@Tag("PT-90")
@Tag("PT-91")
@Tag("PT-92")
class TypedClientTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static Mesh caller;
    private static Orders orders;
    private static Todos todos;

    record Order(String article, int count) {}

    record Todo(@Nullable String id, String title) {}

    interface Orders {
        String place(@Verb.Key String customer, Order order);

        int sum(int a, int b);

        @Verb("LIST")
        List<Order> list(int count);

        CompletableFuture<Map<String, List<Order>>> byArticle(List<Order> orders);

        void forget(Key key);

        Order nothing();

        int nothingAtAll();

        String refuse(String why);

        String crash(String why);

        default String twice(String customer) {
            Order order = new Order("tea", 2);
            return place(customer, order) + ", " + place(customer, order);
        }
    }

    static class Shop implements Orders {
        final List<String> forgotten = new ArrayList<>();

        @Override
        public String place(String customer, Order order) {
            return customer + " gets " + order.count() + " " + order.article();
        }

        @Override
        public int sum(int a, int b) {
            return a + b;
        }

        @Override
        public List<Order> list(int count) {
            return Collections.nCopies(count, new Order("tea", 1));
        }

        @Override
        public CompletableFuture<Map<String, List<Order>>> byArticle(List<Order> orders) {
            return CompletableFuture.completedFuture(Map.of("tea", List.of(new Order("tea", 1))));
        }

        @Override
        public void forget(Key key) {
            forgotten.add(key.top());
        }

        @Override
        public @Nullable Order nothing() {
            return null;
        }

        @Override
        public int nothingAtAll() {
            return 0;
        }

        @Override
        public String refuse(String why) {
            throw Refusal.of(418, "Teapot", why).data(List.of(1));
        }

        @Override
        public String crash(String why) {
            throw new AssertionError(why);
        }
    }

    interface Todos {
        Todo create(Todo todo);

        Todo get(@Verb.Key String id);

        Page<Todo> find(Query query);

        Todo patch(@Verb.Key String id, Map<String, ?> fields);

        CompletableFuture<Todo> remove(@Verb.Key String id);

        Flow.Publisher<Object> nobodyKnows();
    }

    private static final Shop SHOP = new Shop();

    @BeforeAll
    static void serveBoth() {
        Mesh server = MESHES.server();
        synced(server.serve("orders", Object.class, Tuli.handler(Orders.class, SHOP)));
        synced(server.serve(Resource.documents("todos", Todo.class).config()));
        caller = MESHES.client();
        synced(caller.use("todos", Object.class));
        synced(caller.use("orders", Object.class));
        orders = caller.client("orders", Orders.class);
        todos = caller.client("todos", Todos.class);
    }

    @AfterAll
    static void closeAll() {
        MESHES.close();
    }

    @Test
    void methodIsAVerbAndAnswersWithTheReply() {
        assertThat(orders.place("ada@x.org", new Order("tea", 2)))
                .isEqualTo("ada@x.org gets 2 tea");
        assertThat(orders.sum(3, 4)).isEqualTo(7);
        assertThat(orders.list(2)).containsExactly(new Order("tea", 1), new Order("tea", 1));
        assertThat(orders.byArticle(List.of()).join()).containsKey("tea");
        assertThat(orders.nothing()).isNull();
        assertThat(orders.nothingAtAll()).isZero();
        assertThat(orders.twice("bob")).isEqualTo("bob gets 2 tea, bob gets 2 tea");
        orders.forget(Key.of("a.b"));
        assertThat(SHOP.forgotten).containsExactly("a.b");
    }

    @Test
    void failuresKeepWhatTheySay() {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> orders.refuse("short"));

        assertThat(refusal.code() + refusal.name() + refusal.text() + refusal.data())
                .isEqualTo("418Teapotshort[1]");
        assertThatThrownBy(() -> orders.crash("planted"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("planted");
    }

    @Test
    void resourceIsAskedThroughAnInterface() {
        Todo made = todos.create(new Todo(null, "buy milk"));
        String id = String.valueOf(made.id());

        assertThat(todos.get(id)).isEqualTo(new Todo(id, "buy milk"));
        assertThat(todos.patch(id, Map.of("title", "buy tea")).title()).isEqualTo("buy tea");
        Page<Todo> page = todos.find(Query.of(Map.of("title", "buy tea")));
        assertThat(page.data()).containsExactly(new Todo(id, "buy tea"));
        assertThat(todos.remove(id).join().id()).isEqualTo(id);
        assertThat(catchThrowableOfType(Refusal.class, () -> todos.get(id)).code()).isEqualTo(404);
    }

    interface Asked {
        Call<Integer> sum(int a, int b);

        @Verb("place")
        Flow.Publisher<String> placed(@Verb.Key String customer, Order order);
    }

    @Test
    void callAndPublisherAreGivenAsTheyAre() {
        Asked asked = caller.client("orders", Asked.class);
        CompletableFuture<String> first = new CompletableFuture<>();

        Call<Integer> call = asked.sum(20, 22);
        asked.placed("ada", new Order("tea", 1)).subscribe(new First(first));

        assertThat(call.await()).isEqualTo(42);
        assertThat(first.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("ada gets 1 tea");
    }

    private record First(CompletableFuture<String> first) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(String item) {
            first.complete(item);
        }

        @Override
        public void onError(Throwable thrown) {
            first.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {}
    }

    interface Misread {
        @Verb("place")
        Map<String, Integer> place(@Verb.Key String customer, Order order);
    }

    @Test
    void replyOfAnotherTypeSaysThatItWasExecuted() {
        Misread misread = caller.client("orders", Misread.class);

        TuliException told =
                catchThrowableOfType(
                        TuliException.class, () -> misread.place("a", new Order("tea", 1)));

        assertThat(told.outcome()).isEqualTo(Outcome.OK);
        assertThat(told).hasMessageContaining("executed, but its reply cannot be read");
    }

    @Test
    void proxyIsAnObjectLikeOthers() {
        Map<Object, String> names = Map.of(orders, "orders", todos, "todos");

        assertThat(names.get(orders)).isEqualTo("orders");
        assertThat(names.get(caller.client("orders", Orders.class))).isNull();
        assertThat(orders.toString()).contains("Orders").contains("orders");
    }

    // ---- rules ---------------------------------------------------------------------------------

    interface TwoKeys {
        void both(@Verb.Key String a, Key b);
    }

    interface OddKey {
        void odd(@Verb.Key int key);
    }

    interface SameVerb {
        void a(int x);

        @Verb("a")
        void b();
    }

    interface Reserved {
        @Verb("$x")
        void x();
    }

    interface RawFuture {
        @SuppressWarnings("rawtypes")
        CompletableFuture later();
    }

    interface GenericCall {
        Call<List<Order>> later();
    }

    interface OwnParameter {
        <X> void odd(X x);
    }

    interface Nothing {}

    @Test
    void brokenRuleIsToldWhenTheClientIsMade() {
        Function<Class<?>, String> refusal =
                type ->
                        String.valueOf(
                                catchThrowableOfType(
                                                IllegalArgumentException.class,
                                                () -> caller.client("orders", type))
                                        .getMessage());

        assertThat(refusal.apply(TwoKeys.class)).contains("one key").contains("both");
        assertThat(refusal.apply(OddKey.class)).contains("a key is a String").contains("odd");
        assertThat(refusal.apply(SameVerb.class)).contains("each verb is of one method");
        assertThat(refusal.apply(Reserved.class)).contains("without $").contains("$x");
        assertThat(refusal.apply(RawFuture.class)).contains("a future says what it is of");
        assertThat(refusal.apply(GenericCall.class)).contains("are of a class").contains("later");
        assertThat(refusal.apply(OwnParameter.class)).contains("no type parameters");
        assertThat(refusal.apply(Nothing.class)).contains("at least one method");
        assertThat(refusal.apply(String.class)).contains("is of an interface");
        assertThatThrownBy(() -> Tuli.handler(Nothing.class, new Nothing() {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> orders.place("", new Order("tea", 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    interface Wider {
        int sum(int a);

        String place(@Verb.Key String customer, List<String> notAnOrder);
    }

    @Test
    void bodyThatIsNotTheMethodsIsRefused() {
        Wider wider = caller.client("orders", Wider.class);

        assertThat(catchThrowableOfType(Refusal.class, () -> wider.sum(1)).text())
                .contains("sum takes an object of [a, b]");
        assertThatThrownBy(() -> wider.place("a", List.of("x")))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("readable as its type");
    }
}
