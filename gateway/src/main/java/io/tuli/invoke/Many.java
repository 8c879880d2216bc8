package io.tuli.invoke;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Page;
import io.tuli.Payload;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.invoke.Invoker.Answering;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Calls that mean several records, as several calls: a list that is created, a patch or a removal
 * of all that a query matches. Each record is decided by itself: it is no transaction. Thread-safe.
 */
final class Many {

    /** So many records one call may mean. */
    static final int RECORDS_MAX = 1_000;

    private static final int AT_ONCE = 32;

    /** What is created one after the other is told of in its order. */
    private static final int IN_ORDER = 1;

    private static final int LOOKING_MAX = 4;

    private final Sending sending;
    private final Codec codec;

    /** Who looks for records takes a processor for a while. */
    private final Semaphore looking = new Semaphore(LOOKING_MAX);

    Many(Sending sending, Codec codec) {
        this.sending = sending;
        this.codec = codec;
    }

    static boolean isMeant(Exposed exposed, Invocation invocation) {
        return exposed.hasDocuments()
                && switch (invocation.method()) {
                    case Resource.CREATE -> isList(invocation.data());
                    case Resource.PATCH, Resource.REMOVE -> invocation.target().id() == null;
                    default -> false;
                };
    }

    private static boolean isList(@Nullable Object data) {
        return data instanceof List<?>
                || (data instanceof Payload json
                        && json.format() == Payload.Format.JSON
                        && json.sizeBytes() > 0
                        && json.bytes()[0] == '[');
    }

    /**
     * Sends them, and answers a list. On the connection's loop.
     *
     * @throws Refusal 405 where several are not allowed
     */
    CompletableFuture<Payload> send(Exposed exposed, Invocation invocation) {
        if (!exposed.isMany()) {
            throw Refusal.methodNotAllowed(
                    "Can not "
                            + invocation.method()
                            + " multiple entries of '"
                            + exposed.path()
                            + "'");
        }
        Batch batch = new Batch(exposed, invocation);
        if (invocation.method().equals(Resource.CREATE)) {
            batch.start(created(invocation));
        } else {
            find(exposed, invocation, batch);
        }
        return batch.whole;
    }

    private List<Invocation> created(Invocation invocation) {
        Object data = invocation.data();
        Object list = data instanceof Payload json ? codec.decode(json, Object.class) : data;
        List<Invocation> all = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(list)) {
            all.add(invocation.data(each));
        }
        return all;
    }

    /** Looks for them in this member's replica, which shows what it has written. */
    private void find(Exposed exposed, Invocation invocation, Batch batch) {
        Map<String, @Nullable Object> raw = invocation.asked().query();
        Query query =
                (invocation.asked().isOfTexts() ? Query.ofTexts(raw) : Query.of(raw))
                        .paged(RECORDS_MAX, RECORDS_MAX);
        if (!looking.tryAcquire()) {
            throw Refusal.unavailable("The gateway is busy with calls that mean several records");
        }
        Thread.ofVirtual()
                .name("tuli-gateway-many")
                .start(
                        () -> {
                            try {
                                Page<?> page = exposed.service().find(query, Map.class);
                                batch.later(() -> batch.start(invocation, page));
                            } catch (Throwable failed) {
                                batch.later(() -> batch.fail(failed));
                            } finally {
                                looking.release();
                            }
                        });
    }

    /** The calls of one call. Confined to the connection's loop. */
    private final class Batch {
        private final Exposed exposed;
        private final Connection from;
        private final int atOnce;
        private final Answering whole = new Answering();
        private List<Invocation> calls = List.of();
        private @Nullable Payload[] replies = {};
        private int next;
        private int running;
        private @Nullable Throwable failure;

        Batch(Exposed exposed, Invocation invocation) {
            this.exposed = exposed;
            this.from = invocation.from();
            this.atOnce = invocation.method().equals(Resource.CREATE) ? IN_ORDER : AT_ONCE;
        }

        void later(Runnable task) {
            from.loop().execute(task);
        }

        void fail(Throwable failed) {
            whole.end(null, failed);
        }

        void start(Invocation invocation, Page<?> page) {
            List<Invocation> found = new ArrayList<>();
            for (Object each : page.data()) {
                if (each instanceof Map<?, ?> document) {
                    found.add(invocation.id(String.valueOf(document.get("id"))));
                }
            }
            if (page.total() > found.size() && found.size() == RECORDS_MAX) {
                fail(tooMany());
            } else {
                start(found);
            }
        }

        void start(List<Invocation> all) {
            if (all.size() > RECORDS_MAX) {
                fail(tooMany());
                return;
            }
            calls = all;
            replies = new @Nullable Payload[all.size()];
            goOn();
        }

        private static Refusal tooMany() {
            return Refusal.badRequest(
                    "a call means at most " + RECORDS_MAX + " records: say $limit, or send less");
        }

        private void goOn() {
            while (failure == null && !whole.isDone() && next < calls.size() && running < atOnce) {
                send(next++);
            }
            if (running == 0) {
                whole.end(failure == null ? joined() : null, failure);
            }
        }

        private void send(int at) {
            running++;
            try {
                Answering.of(sending.send(exposed, calls.get(at).part(at)), from)
                        .whenComplete((reply, failed) -> answered(at, reply, failed));
            } catch (RuntimeException refused) {
                running--;
                failure = refused;
            }
        }

        private void answered(int at, @Nullable Payload reply, @Nullable Throwable failed) {
            running--;
            replies[at] = reply;
            if (failed != null && !isGone(at, failed)) {
                failure = failure == null ? failed : failure;
            }
            goOn();
        }

        /** What was found is gone, or matches no more: then it is not meant any more. */
        private boolean isGone(int at, Throwable failed) {
            return !calls.get(at).method().equals(Resource.CREATE)
                    && ErrorJson.refusal(failed).failure() == Failure.NOT_FOUND;
        }

        private Payload joined() {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            json.write('[');
            for (Payload reply : replies) {
                if (reply != null) {
                    if (json.size() > 1) {
                        json.write(',');
                    }
                    json.writeBytes(reply.bytes());
                }
            }
            json.write(']');
            return Payload.of(Payload.Format.JSON, json.toByteArray());
        }
    }
}
