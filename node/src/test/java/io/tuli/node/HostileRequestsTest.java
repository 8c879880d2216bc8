package io.tuli.node;

import static io.tuli.node.HostileMesh.CLIENT;
import static io.tuli.node.HostileMesh.soon;
import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Change;
import io.tuli.Handler;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import io.tuli.codec.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every verb by every route with every odd body, key, id, header and deadline, as a seed wills:
 * each call has an outcome, what is OK is there and can be read, what is not is not there, and
 * nobody else notices. {@code -Dtuli.seed} repeats a run, {@code -Dhostile.batches} makes it
 * longer.
 */
class HostileRequestsTest {

    private static final int BATCH = 100;
    private static final Duration OFTEN = Duration.ofMillis(2);

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final int batches = Integer.getInteger("hostile.batches", 4);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final JsonCodec codec = new JsonCodec(Limits.defaults());

    /** What handlers and folds make of a number: all members are in this process. */
    private final Map<Integer, OddRequest> sent = new ConcurrentHashMap<>();

    private @Nullable HostileMesh mesh;

    private HostileMesh mesh(Limits limits) {
        return new HostileMesh(
                limits,
                ServiceConfig.of("things", Object.class).partitions(8).handler(handler()),
                ServiceConfig.of("carts", Cart.class)
                        .partitions(8)
                        .handler(this.<Cart>handler())
                        .inline(),
                ServiceConfig.of("sources", Object.class).partitions(8).handler(handler()),
                ServiceConfig.of("folded", Object.class)
                        .partitions(8)
                        .handler(handler())
                        .fold("sources", this::folded));
    }

    private static Limits limits(String which) {
        return which.equals("usual")
                ? Limits.defaults()
                : Limits.builder()
                        .messageBytes(1_024)
                        .keyBytes(16)
                        .documentDepth(2)
                        .callsInFlight(150)
                        .queuedPerPartition(50)
                        .feedUnconsumed(4)
                        .dedupPerCaller(50)
                        .build();
    }

    /** What the carts are read as. */
    public record Cart(@Nullable List<String> l, int a) {}

    @AfterEach
    void leave() {
        if (mesh != null) {
            mesh.close();
        }
    }

    // ---- routes --------------------------------------------------------------------------------

    private <T> Handler<T> handler() {
        return (message, turn) ->
                switch (message.verb()) {
                    case "TURN" -> decided(sent.get(message.body(Integer.class)), turn);
                    case "EMIT" -> {
                        OddRequest odd = sent.get(message.body(Integer.class));
                        turn.update(message.key(), odd.number());
                        turn.emit(odd.service(), odd.message());
                        yield null;
                    }
                    default -> turn.pass();
                };
    }

    private static @Nullable Object decided(OddRequest odd, Turn<?> turn) {
        Message message = odd.message();
        Key key = message.key();
        Object body = message.body();
        switch (message.verb()) {
            case Verbs.UPDATE -> turn.update(key, body);
            case Verbs.REMOVE -> turn.remove(key);
            case Verbs.ADD -> turn.add(key, body);
            case Verbs.PUSH -> turn.push(key, body);
            case Verbs.PATCH -> turn.patch(key, body);
            case Verbs.INCLUDE -> turn.include(key, body);
            case Verbs.EXCLUDE -> turn.exclude(key, body);
            case Verbs.INCREMENT -> turn.increment(key, ((Number) body).longValue());
            default -> turn.reply(body);
        }
        return null;
    }

    private List<Message> folded(Change change) {
        OddRequest odd = sent.get(change.value(Integer.class));
        Message after = Message.of(Verbs.UPDATE, odd.number()).key("after" + odd.number());
        List<Message> messages = new ArrayList<>();
        try {
            messages.add(odd.message());
        } catch (RuntimeException cannotBeMade) {
            return List.of(after);
        }
        messages.add(after);
        return messages;
    }

    private Call<Payload> send(OddRequest odd) {
        sent.put(odd.number(), odd);
        Service<Object> client = mesh.service(CLIENT, odd.service());
        return switch (odd.route()) {
            case CLIENT -> client.send(odd.message(), Payload.class);
            case OWNER, OTHER -> {
                boolean isOwner = odd.route() == OddRequest.Route.OWNER;
                int server = mesh.server(odd.service(), odd.top(), isOwner);
                yield mesh.service(server, odd.service()).send(odd.message(), Payload.class);
            }
            case TURN -> client.send(numbered("TURN", odd, odd.top()), Payload.class);
            case EMISSION -> client.send(numbered("EMIT", odd, "by" + odd.top()), Payload.class);
            case FOLD ->
                    mesh.service(CLIENT, "sources")
                            .send(numbered("update", odd, odd.top()), Payload.class);
            case ANY -> client.any().send(odd.message(), Payload.class);
            case ALL -> client.all().send(odd.message(), Payload.class);
            case MEMBER ->
                    client.member(mesh.member(odd.number() % 4).self().id())
                            .send(odd.message(), Payload.class);
        };
    }

    private static Message numbered(String verb, OddRequest odd, String key) {
        return Message.of(verb, odd.number()).key(key);
    }

    // ---- the run -------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"usual", "small"})
    void oddRequestsHaveOutcomesAndNobodyElseNotices(String limits) {
        mesh = mesh(limits(limits));
        System.out.println("-Dtuli.seed=" + seed);
        for (int batch = 0; batch < batches; batch++) {
            String when = "batch " + batch + " of -Dtuli.seed=" + seed;
            List<OddRequest> odd = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                odd.add(OddRequest.random(random, batch * BATCH + i));
            }
            Map<OddRequest, Payload> before = prepared(odd);

            Map<OddRequest, CompletableFuture<Payload>> replies = new LinkedHashMap<>();
            odd.forEach(each -> replies.put(each, begun(() -> send(each))));
            Map<OddRequest, CompletableFuture<Payload>> repeats = new LinkedHashMap<>();
            odd.stream()
                    .filter(HostileRequestsTest::comesAgain)
                    .forEach(each -> repeats.put(each, begun(() -> repeat(each))));

            replies.forEach((each, reply) -> failureOf(reply, each + " in " + when));
            repeats.forEach((each, reply) -> checkRepeated(each, replies.get(each), reply, when));
            Map<OddRequest, Payload> after = atTheirOwners(odd);
            replies.forEach(
                    (each, reply) -> check(each, reply, before.get(each), after.get(each), when));
            odd.forEach(each -> checkFolded(each, when));
            mesh.assertAllGoOn(when);
            mesh.assertReplicasEqual(when);
        }
        mesh.assertLateMembersAreEqual("-Dtuli.seed=" + seed);
    }

    /** What is at their keys, of those that could be put there. */
    private Map<OddRequest, Payload> prepared(List<OddRequest> odd) {
        Map<OddRequest, CompletableFuture<?>> puts = new LinkedHashMap<>();
        for (OddRequest each : odd) {
            if (each.there().sizeBytes() > 0) {
                Call<Void> put =
                        mesh.service(CLIENT, each.service()).update(each.top(), each.there());
                puts.put(each, put.reply().exceptionally(refused -> null));
            }
        }
        puts.values().forEach(HostileMesh::soon);
        return atTheirOwners(odd);
    }

    private Map<OddRequest, Payload> atTheirOwners(List<OddRequest> odd) {
        Map<OddRequest, CompletableFuture<Payload>> reads = new LinkedHashMap<>();
        for (OddRequest each : odd) {
            Service<Object> client = mesh.service(CLIENT, each.service());
            reads.put(each, client.read(Key.of(each.top()), Payload.class).reply());
        }
        Map<OddRequest, Payload> documents = new LinkedHashMap<>();
        reads.forEach(
                (each, read) -> {
                    Payload document = soon(read);
                    documents.put(each, document == null ? Payload.NONE : document);
                });
        return documents;
    }

    private static boolean comesAgain(OddRequest odd) {
        return odd.again() != OddRequest.Again.NOT
                && isDirect(odd)
                && odd.route() != OddRequest.Route.TURN;
    }

    private Call<Payload> repeat(OddRequest odd) {
        int member = (odd.number() + 1) % (CLIENT + 1);
        return mesh.service(member, odd.service()).send(odd.repeated(), Payload.class);
    }

    private static CompletableFuture<Payload> begun(Supplier<Call<Payload>> sending) {
        try {
            return sending.get().reply();
        } catch (RuntimeException refusedAtOnce) {
            return CompletableFuture.failedFuture(refusedAtOnce);
        }
    }

    // ---- what must hold ------------------------------------------------------------------------

    /**
     * The same is executed once and answered twice; another is not executed where the first was.
     * Another key may be in another partition, which knows nothing of the first, and what changed
     * nothing is not remembered.
     */
    private static void checkRepeated(
            OddRequest odd,
            CompletableFuture<Payload> first,
            CompletableFuture<Payload> second,
            String when) {
        String about = odd + " in " + when;
        Throwable why = failureOf(second, about);
        if (odd.isUnsure() || first.isCompletedExceptionally()) {
            return;
        }
        if (odd.again() == OddRequest.Again.THE_SAME && !odd.message().id().isNone()) {
            assertThat(why).as(about).isNull();
            assertThat(second.join()).as(about).isEqualTo(first.join());
        } else if (odd.isRemembered() && !odd.message().id().isNone()) {
            assertThat(why).as(about).isNotNull();
        }
    }

    private void check(
            OddRequest odd,
            CompletableFuture<Payload> reply,
            Payload before,
            Payload after,
            String when) {
        String about = odd + " in " + when;
        Throwable failed = failureOf(reply, about);
        boolean isKnown =
                !(failed instanceof TuliException told) || told.outcome() == Outcome.FAILED;
        if (isToMembers(odd)) {
            assertThat(after).as(about).isEqualTo(before);
        } else if (!isKnown) {
            assertThat(odd.isUnsure()).as("%s: %s", about, failed).isTrue();
        } else if (failed != null && odd.comesAgainOtherwise()) {
            assertThat(failed.getMessage()).as(about).hasSizeLessThan(1_300);
        } else if (failed != null && odd.route() != OddRequest.Route.FOLD) {
            assertThat(after).as("%s: %s", about, failed).isEqualTo(before);
            assertThat(failed.getMessage()).as(about).hasSizeLessThan(1_300);
        } else if (isDirect(odd) && odd.isAboutTheDocument() && !odd.comesAgainOtherwise()) {
            assertThat(after).as(about).isEqualTo(expected(odd, after));
        }
        assertReadable(odd, after, about);
    }

    private static boolean isDirect(OddRequest odd) {
        return switch (odd.route()) {
            case CLIENT, OWNER, OTHER, TURN -> true;
            case EMISSION, FOLD, ANY, ALL, MEMBER -> false;
        };
    }

    /** Who is asked about no key can change nothing. */
    private static boolean isToMembers(OddRequest odd) {
        return odd.route() == OddRequest.Route.ALL || odd.route() == OddRequest.Route.MEMBER;
    }

    /** What verbs leave that need no look at what was there. */
    private Payload expected(OddRequest odd, Payload after) {
        return switch (odd.verb().it()) {
            case Verbs.UPDATE -> {
                Payload value = codec.encode(odd.body().it().get());
                yield value.isNone() ? Payload.NULL : value;
            }
            case Verbs.REMOVE -> Payload.NONE;
            default -> after;
        };
    }

    /** Null where it ended OK. */
    private static @Nullable Throwable failureOf(CompletableFuture<Payload> reply, String about) {
        try {
            reply.get(SOON.toSeconds() + 5, TimeUnit.SECONDS);
            return null;
        } catch (TimeoutException late) {
            throw new AssertionError("no outcome: " + about, late);
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private void assertReadable(OddRequest odd, Payload after, String about) {
        Service<Object> client = mesh.service(CLIENT, odd.service());
        boolean maySoonBeAnother = odd.route() == OddRequest.Route.EMISSION;
        if (!after.isNone() && !maySoonBeAnother) {
            await(about)
                    .atMost(SOON)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(OFTEN)
                    .until(() -> after.equals(client.get(Key.of(odd.top()), Payload.class)));
            assertThat(client.state()).as(about).containsKey(odd.top());
        }
        assertThat(codec.encode(client.get(Key.of(odd.top()), Object.class))).as(about).isNotNull();
    }

    /** What comes after what a fold cannot send is folded. */
    private void checkFolded(OddRequest odd, String when) {
        if (odd.route() == OddRequest.Route.FOLD) {
            Service<Object> folded = mesh.service(CLIENT, "folded");
            await(odd + " in " + when)
                    .atMost(SOON)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(OFTEN)
                    .until(() -> folded.state().containsKey("after" + odd.number()));
        }
    }
}
