package io.tuli.node;

import io.tuli.Call;
import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Edit;
import io.tuli.EventFeed;
import io.tuli.Feed;
import io.tuli.Key;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Payload;
import io.tuli.Query;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.Verbs;
import io.tuli.Versioned;
import io.tuli.call.Choice;
import io.tuli.call.VersionRange;
import io.tuli.codec.JsonCodec;
import io.tuli.error.Require;
import io.tuli.log.Documents;
import io.tuli.log.Stored;
import io.tuli.loop.Calls;
import io.tuli.loop.ReceiptWait;
import io.tuli.loop.SyncWait;
import io.tuli.pipe.Tunnels;
import io.tuli.protocol.MessageRules;
import io.tuli.protocol.Reserved;
import io.tuli.publish.Publishing;
import io.tuli.publish.Topic;
import io.tuli.reply.SurveyWait;
import io.tuli.reply.TypedAnswers;
import io.tuli.reply.TypedCall;
import io.tuli.service.LocalService;
import io.tuli.store.StateMap;
import io.tuli.store.StateRecords;
import io.tuli.store.TypedDocuments;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A service as its users hold it: everything becomes a message, a look at the replica, or a feed.
 */
final class ServiceFacade<T> implements Service<T> {

    private final LocalService service;
    private final Calls calls;
    private final Class<T> type;
    private final JsonCodec codec;
    private final TypedDocuments<T> documents;
    private final StateMap<T> state;
    private final StateRecords records;
    private final Function<String, List<Member>> servers;
    private final SyncWait sync;
    private final ReceiptWait receipts;
    private final Topic topic;
    private final BiConsumer<LocalService, Duration> closing;
    private final Duration drain;
    private final Tunnels tunnels;

    ServiceFacade(LocalService service, TypeOf<T> type, Context context) {
        this.service = service;
        this.calls = context.calls();
        this.type = type.raw();
        this.codec = service.codec();
        this.documents = new TypedDocuments<>(service.name(), type, codec, context.documents());
        this.servers = context.servers();
        this.sync = context.sync();
        this.receipts = context.receipts();
        this.topic = context.publishing().topic(service.name(), service.number(), codec);
        this.closing = context.closing();
        this.drain = context.drain();
        this.tunnels = context.tunnels();
        this.state = service.state(documents);
        this.records = service.records();
    }

    record Context(
            Calls calls,
            JsonCodec codec,
            Documents documents,
            Function<String, List<Member>> servers,
            SyncWait sync,
            ReceiptWait receipts,
            Publishing publishing,
            BiConsumer<LocalService, Duration> closing,
            Duration drain,
            Tunnels tunnels) {}

    @Override
    public String name() {
        return service.name();
    }

    boolean isClosed() {
        return service.closing().isShut();
    }

    @Override
    public void close(Duration drain) {
        closing.accept(service, drain);
    }

    @Override
    public void close() {
        close(drain);
    }

    // ---- the replica ---------------------------------------------------------------------------

    @Override
    public Map<String, T> state() {
        service.followRight().require();
        return state;
    }

    @Override
    public Map<String, T> state(String prefix) {
        service.followRight().require();
        return state.prefixed(StateMap.wholePrefix(prefix));
    }

    @Override
    public int count(String prefix) {
        service.followRight().require();
        return state.count(StateMap.wholePrefix(prefix));
    }

    @Override
    public <V> @Nullable V get(Key key, Class<V> type) {
        service.followRight().require();
        Stored stored = key.isNone() ? null : service.stored(key.top());
        return stored == null ? null : documents.read(key, stored, type);
    }

    @Override
    public <V> @Nullable V get(Key key, TypeOf<V> type) {
        service.followRight().require();
        Stored stored = key.isNone() ? null : service.stored(key.top());
        return stored == null ? null : documents.read(key, stored, type);
    }

    @Override
    public <R> Page<R> find(Query query, Class<R> type) {
        return records.find(query, type);
    }

    @Override
    public <R> Page<R> find(Query query, TypeOf<R> type) {
        return records.find(query, type);
    }

    @Override
    public Versioned<T> versioned(Key key) {
        Require.argument(
                !key.isNone() && key.isTop(), "a version is of a whole document, not inside", key);
        return service.versioned(key.top(), documents);
    }

    @Override
    public Feed<Change> feed() {
        return service.changes();
    }

    @Override
    public Feed<Committed> commits() {
        return service.commits();
    }

    @Override
    public void awaitSync(Duration within) {
        Require.argument(!within.isNegative(), "a deadline is not negative", within);
        sync.await(service, within);
    }

    @Override
    public void await(Receipt receipt, Duration within) {
        Require.argument(!within.isNegative(), "a deadline is not negative", within);
        receipts.await(service, receipt, within);
    }

    // ---- what is published ---------------------------------------------------------------------

    @Override
    public int publish(String subject, @Nullable Object body) {
        return topic.publish(subject, body);
    }

    @Override
    public CompletableFuture<Integer> publish(
            String subject, @Nullable Object body, Duration within) {
        Require.argument(!within.isNegative(), "a deadline is not negative", within);
        return topic.publish(subject, body, within);
    }

    @Override
    public int retain(String subject, @Nullable Object body) {
        return topic.retain(subject, body);
    }

    @Override
    public EventFeed events() {
        return topic.events();
    }

    // ---- built-in verbs ------------------------------------------------------------------------

    @Override
    public <V> Call<V> read(Key key, Class<V> type) {
        return calls.toOwner(service, Message.of(Reserved.READ).key(existing(key)), type);
    }

    @Override
    public <V> Call<V> read(Key key, TypeOf<V> type) {
        return new TypedCall<>(read(key, Payload.class), codec, type);
    }

    @Override
    public Call<Void> update(Key key, @Nullable Object value) {
        return valued(Verbs.UPDATE, existing(key), value, Void.class);
    }

    @Override
    public Call<Void> replace(Key key, @Nullable Object expected, @Nullable Object value) {
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("expected", expected);
        both.put("value", value);
        Message message = Message.of(Verbs.REPLACE, both).key(existing(key));
        return placed(message, value, Void.class);
    }

    @Override
    public Call<Void> update(Key key, @Nullable Object value, Duration expireAfter) {
        Message message = Message.of(Verbs.UPDATE, value).key(existing(key));
        return placed(message.expireAfter(expireAfter), value, Void.class);
    }

    @Override
    public Call<Boolean> touch(Key key) {
        return calls.toOwner(service, touching(key), Boolean.class);
    }

    @Override
    public Call<Boolean> touch(Key key, Duration expireAfter) {
        return calls.toOwner(service, touching(key).expireAfter(expireAfter), Boolean.class);
    }

    @Override
    public Call<Boolean> persist(Key key) {
        return calls.toOwner(service, touching(key).expireNever(), Boolean.class);
    }

    private static Message touching(Key key) {
        return Message.of(Verbs.TOUCH).key(existing(key));
    }

    @Override
    public Optional<Instant> expiresAt(Key key) {
        service.followRight().require();
        Stored stored = service.stored(existing(key).top());
        return stored == null || !stored.mayExpire()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(stored.until()));
    }

    @Override
    public Call<Boolean> remove(Key key) {
        return calls.toOwner(service, Message.of(Verbs.REMOVE).key(existing(key)), Boolean.class);
    }

    @Override
    public Call<String> add(Key key, @Nullable Object value) {
        return valued(Verbs.ADD, existing(key), value, String.class);
    }

    @Override
    public Call<String> add(@Nullable Object value) {
        return valued(Verbs.ADD, Key.NONE, value, String.class);
    }

    @Override
    public Call<Integer> push(Key key, @Nullable Object value) {
        return valued(Verbs.PUSH, existing(key), value, Integer.class);
    }

    @Override
    public Call<Long> increment(Key key, long by) {
        return valued(Verbs.INCREMENT, existing(key), by, Long.class);
    }

    @Override
    public Call<Boolean> include(Key key, Object element) {
        return valued(Verbs.INCLUDE, existing(key), element, Boolean.class);
    }

    @Override
    public Call<Boolean> exclude(Key key, Object element) {
        return valued(Verbs.EXCLUDE, existing(key), element, Boolean.class);
    }

    @Override
    public Call<Void> patch(Key key, Object fields) {
        return valued(Verbs.PATCH, existing(key), fields, Void.class);
    }

    @Override
    public Call<Void> set(Edit edit) {
        Message message = Message.of(edit.kind().verb(), edit.value()).key(edit.key());
        return calls.toOwner(service, message, Void.class);
    }

    private static Key existing(Key key) {
        Require.argument(!key.isNone(), "this verb needs a key", "\"\"");
        return key;
    }

    private <R> Call<R> valued(String verb, Key key, @Nullable Object value, Class<R> reply) {
        return placed(Message.of(verb, value).key(key), value, reply);
    }

    /** Sent, unless its value has no place at its key. */
    private <R> Call<R> placed(Message message, @Nullable Object value, Class<R> reply) {
        try {
            codec.requirePlace(name(), type, message.key(), value);
        } catch (TuliException misplaced) {
            return calls.refused(service, message, reply, misplaced);
        }
        return calls.toOwner(service, message, reply);
    }

    // ---- messages ------------------------------------------------------------------------------

    @Override
    public Call<Object> send(Message message) {
        return send(message, Object.class);
    }

    @Override
    public <R> Call<R> send(Message message, Class<R> reply) {
        return calls.toOwner(service, unreserved(message), reply);
    }

    @Override
    public <R> Call<R> send(Message message, TypeOf<R> reply) {
        return new TypedCall<>(send(message, Payload.class), codec, reply);
    }

    private static Message unreserved(Message message) {
        MessageRules.requireUnreserved(message.verb());
        return message;
    }

    @Override
    public Target key(Key key) {
        Key narrowed = existing(key);
        return new Narrowed() {
            @Override
            public <R> Call<R> send(Message message, Class<R> reply) {
                return ServiceFacade.this.send(message.key(narrowed), reply);
            }
        };
    }

    @Override
    public Any any() {
        return new OfAny(Choice.ANY);
    }

    private final class OfAny extends Narrowed implements Any {
        private final Choice choice;

        OfAny(Choice choice) {
            this.choice = choice;
        }

        @Override
        public Any near() {
            return new OfAny(choice.near());
        }

        @Override
        public Any version(String versions) {
            return new OfAny(choice.of(VersionRange.of(versions)));
        }

        @Override
        public <R> Call<R> send(Message message, Class<R> reply) {
            return calls.toAny(service, choice, unreserved(message), reply);
        }

        @Override
        public Tunnel open(Message message) {
            return calls.open(tunnels, service, null, choice, unreserved(message));
        }
    }

    @Override
    public Survey all() {
        return new OfAll(Integer.MAX_VALUE);
    }

    @Override
    public <R> Map<Member, @Nullable R> ask(Message message, Class<R> reply, Duration within) {
        return ask(message, TypeOf.of(reply), within);
    }

    @Override
    public <R> Map<Member, @Nullable R> ask(Message message, TypeOf<R> reply, Duration within) {
        Require.argument(!within.isNegative(), "a deadline is not negative", within);
        return new SurveyWait<>(all().answers(message.within(within), reply), within).await();
    }

    private final class OfAll extends Narrowed implements Survey {
        private final int wanted;

        OfAll(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public Survey first(int answers) {
            Require.argument(answers >= 1, "a survey wants at least one answer", answers);
            return new OfAll(answers);
        }

        @Override
        public <R> CompletableFuture<Answers<R>> answers(Message message, Class<R> reply) {
            Message allowed = unreserved(message);
            return calls.answersOf(service, servers.apply(name()), wanted, allowed, reply);
        }

        @Override
        public <R> CompletableFuture<Answers<R>> answers(Message message, TypeOf<R> reply) {
            return TypedAnswers.of(answers(message, Payload.class), codec, reply);
        }

        @Override
        public <R> Call<R> send(Message message, Class<R> reply) {
            List<MemberId> to = servers.apply(name()).stream().map(Member::id).toList();
            return calls.toAll(service, to, wanted, unreserved(message), reply);
        }
    }

    @Override
    public One member(MemberId id) {
        return new OfMember(id);
    }

    private final class OfMember extends Narrowed implements One {
        private final MemberId id;

        OfMember(MemberId id) {
            this.id = id;
        }

        @Override
        public <R> Call<R> send(Message message, Class<R> reply) {
            return calls.toMember(service, id, unreserved(message), reply);
        }

        @Override
        public Tunnel open(Message message) {
            return calls.open(tunnels, service, id, Choice.ANY, unreserved(message));
        }
    }

    @Override
    public String toString() {
        return "service " + service.name();
    }

    /** A target whose replies are JSON-like values unless said otherwise. */
    private abstract class Narrowed implements Target {
        @Override
        public Call<Object> send(Message message) {
            return send(message, Object.class);
        }

        @Override
        public <R> Call<R> send(Message message, TypeOf<R> reply) {
            return new TypedCall<>(send(message, Payload.class), codec, reply);
        }
    }
}
