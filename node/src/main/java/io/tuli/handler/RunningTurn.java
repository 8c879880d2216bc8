package io.tuli.handler;

import io.tuli.Codec;
import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Payload;
import io.tuli.Query;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import io.tuli.document.Verdict;
import io.tuli.error.Excerpt;
import io.tuli.log.Extras;
import io.tuli.log.OpenDocument;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.MessageRules;
import io.tuli.protocol.Task;
import io.tuli.type.TypeOf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one turn of one handler. Collects what it decides, and shows it the documents as they will be
 * then. Used by one thread at a time; {@link #end} may come from another.
 *
 * <p>All it decides becomes one entry of the changelog, so together it must fit into a message.
 */
final class RunningTurn<T> implements Turn<T> {
    private static final VarHandle IS_OVER = isOverHandle();

    /** What an edit costs besides its key and value, in bytes. */
    private static final int EDIT_BYTES = 16;

    private final TurnRules<T> rules;
    private final JsonMessage asked;
    private final Scope scope;
    private final Task.Reader reader;

    // Made when the first comes: most turns have few of them.
    private Map<String, OpenDocument> seen = Map.of();
    private List<Edit> edits = List.of();
    private List<Decision.Emitted> emitted = List.of();
    private List<Payload> replies = List.of();
    private List<Extras.Event> events = List.of();

    private long bytes;
    private BooleanSupplier isCancelled = () -> false;
    private long expiryMillis = Extensions.UNSAID;

    /** Whoever goes on using the turn elsewhere sees it soon; nobody waits for that. */
    private volatile boolean isOver;

    private static VarHandle isOverHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(RunningTurn.class, "isOver", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** How far a turn reaches. */
    enum Scope {
        /** It reads and edits what is placed with the message's key. */
        KEY,
        /** The same, but it edits nothing: its verb was declared to read. */
        READING,
        /** It belongs to no key: it reads the local replica, and edits nothing. */
        MEMBER
    }

    /**
     * The reader is asked for documents.
     *
     * @param asked the message
     * @param document the one at the message's key; null if the reader may be asked for that, too
     */
    RunningTurn(
            TurnRules<T> rules,
            Scope scope,
            JsonMessage asked,
            @Nullable Payload document,
            Task.Reader reader) {
        this.rules = rules;
        this.scope = scope;
        this.asked = asked;
        this.reader = reader;
        if (document != null) {
            saw(asked.key().top(), document);
        }
    }

    private OpenDocument saw(String topLevelKey, Payload document) {
        if (seen.isEmpty()) {
            seen = new HashMap<>(4);
        }
        OpenDocument opened = rules.documents().open(document);
        seen.put(topLevelKey, opened);
        return opened;
    }

    private static <E> List<E> with(List<E> list, E element) {
        List<E> longer = list.isEmpty() ? new ArrayList<>(2) : list;
        longer.add(element);
        return longer;
    }

    @Override
    public @Nullable T value() {
        requireRunning();
        if (asked.key().isNone()) {
            return null;
        }
        return rules.codec()
                .decode(document(asked.key()).document(), rules.service().documentType());
    }

    @Override
    public <V> @Nullable V value(Key key, Class<V> type) {
        requireRunning();
        rules.requireKey(key);
        return rules.codec().decode(document(key).read(key), type);
    }

    @Override
    public <R> Page<R> find(Query query, Class<R> type) {
        return find(query, TypeOf.of(type));
    }

    @Override
    public <R> Page<R> find(Query query, TypeOf<R> type) {
        requireRunning();
        return rules.find(query, type);
    }

    @Override
    public <V> @Nullable V convert(@Nullable Object value, Class<V> type) {
        requireRunning();
        return rules.codec().decode(rules.codec().encode(value), type);
    }

    @Override
    public <V> @Nullable V convert(@Nullable Object value, TypeOf<V> type) {
        requireRunning();
        return rules.codec().decode(rules.codec().encode(value), type);
    }

    @Override
    public void update(@Nullable Object value) {
        requireRunning();
        if (asked.key().isNone() && !rules.service().isStateless()) {
            throw TurnRules.refused("a turn edits the document at its message's key: it has none");
        }
        decided(
                Verbs.UPDATE,
                asked.key().isNone() ? asked.key() : Key.of(asked.key().top()),
                value);
    }

    @Override
    public void update(Key key, @Nullable Object value) {
        decide(Verbs.UPDATE, key, value);
    }

    @Override
    public void add(Key key, @Nullable Object value) {
        decide(Verbs.ADD, key, value);
    }

    @Override
    public void push(Key key, @Nullable Object value) {
        decide(Verbs.PUSH, key, value);
    }

    @Override
    public void increment(Key key, long by) {
        decide(Verbs.INCREMENT, key, by);
    }

    @Override
    public void include(Key key, Object element) {
        decide(Verbs.INCLUDE, key, element);
    }

    @Override
    public void exclude(Key key, Object element) {
        decide(Verbs.EXCLUDE, key, element);
    }

    @Override
    public void patch(Key key, Object fields) {
        decide(Verbs.PATCH, key, fields);
    }

    @Override
    public void remove(Key key) {
        decide(Verbs.REMOVE, key, null);
    }

    private void decide(String verb, Key key, @Nullable Object value) {
        requireRunning();
        rules.requireKey(key);
        rules.requirePlace(key, value);
        decided(verb, key, value);
    }

    /** Makes the edits of a built-in verb, all of them or none. */
    private void decided(String verb, Key key, @Nullable Object value) {
        requireReach(key);
        Payload body = rules.codec().encode(value);
        switch (rules.verbs().decide(verb, key, body, this::opened)) {
            case Verdict.Allowed allowed -> edit(allowed.edits());
            case Verdict.Refused refused ->
                    throw new TuliException(refused.failure(), refused.detail());
        }
    }

    @Override
    public void expireAfter(Duration duration) {
        requireRunning();
        requireEdits();
        if (!duration.isPositive()) {
            throw TurnRules.refused("what expires does so after a while: " + duration);
        }
        expiryMillis = Extensions.millis(duration);
    }

    @Override
    public void expireNever() {
        requireRunning();
        requireEdits();
        expiryMillis = Extensions.NEVER;
    }

    @Override
    public void emit(String service, Message message) {
        requireRunning();
        if (!rules.service().isStateless()) {
            requireEdits();
        }
        MessageRules.requireServiceName(service);
        MessageRules.requireUnreserved(message.verb());
        Payload body = message.body() == null ? Payload.NONE : rules.codec().encode(message.body());
        MessageRules.require(
                message.verb(), message.key(), body, message.headers(), rules.limits());
        charge(body.sizeBytes() + message.verb().length() + message.key().sizeBytes());
        Message traced = CarriedTrace.onto(message.carrying(body), asked.headers());
        emitted = with(emitted, new Decision.Emitted(service, spoken(traced)));
    }

    /** For whoever asked, unless it says for whom. */
    private Message spoken(Message message) {
        boolean isSaid = !message.caller().isMember() || asked.caller().isMember();
        return isSaid ? message : message.as(asked.caller());
    }

    @Override
    public void event(String name, @Nullable Object data) {
        event(name, data, List.of());
    }

    @Override
    public void event(String name, @Nullable Object data, Collection<String> channels) {
        requireRunning();
        requireEdits();
        MessageRules.requireEventName(name);
        MessageRules.requireChannels(channels);
        if (events.size() == Extras.EVENTS_MAX) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a turn tells at most 64 events: message key=" + Excerpt.of(asked.key()));
        }
        Payload payload = data == null ? Payload.NONE : rules.codec().encode(data);
        int size = EDIT_BYTES + name.length() + payload.sizeBytes();
        for (String channel : channels) {
            size += Integer.BYTES + channel.length();
        }
        charge(size);
        events = with(events, new Extras.Event(name, payload, List.copyOf(channels)));
    }

    @Override
    public void reply(@Nullable Object value) {
        requireRunning();
        Payload payload = rules.codec().encode(value);
        charge(payload.sizeBytes());
        replies = with(replies, payload);
    }

    @Override
    public boolean isCancelled() {
        return isCancelled.getAsBoolean();
    }

    /** What tells whether the caller has given it up. Before it begins. */
    void cancelledWhere(BooleanSupplier condition) {
        isCancelled = condition;
    }

    @Override
    public Object pass() {
        requireRunning();
        return Answer.PASS;
    }

    /** Ends the turn and says what it decided; {@code null} is no answer of its own. */
    Decision end(@Nullable Object answer) {
        IS_OVER.setRelease(this, true);
        if (answer instanceof Answer) {
            return passed();
        }
        ReplySource stream = ReplySource.of(answer, replies, rules);
        if (stream != null) {
            return decided(Payload.NONE, stream);
        }
        if (answer != null) {
            Payload payload = rules.codec().encode(answer);
            charge(payload.sizeBytes());
            if (replies.isEmpty()) {
                return decided(payload, null);
            }
            replies = with(replies, payload);
        }
        ReplySource several = replies.size() > 1 ? ReplySource.ready(replies) : null;
        Payload reply = replies.size() == 1 ? replies.get(0) : Payload.NONE;
        return decided(reply, several);
    }

    private Decision decided(Payload reply, @Nullable ReplySource stream) {
        boolean isLifeSaid = expiryMillis != Extensions.UNSAID && !asked.key().isNone();
        if (isLifeSaid && edits.isEmpty()) {
            Key document = Key.of(asked.key().top());
            if (opened(document.top()).has(document)) {
                edits = with(edits, new Edit(Edit.Kind.TOUCH, document, Payload.NONE));
            }
        }
        return new Decision.Done(
                List.copyOf(edits),
                List.copyOf(emitted),
                List.copyOf(events),
                reply,
                stream,
                expiryMillis);
    }

    Codec codec() {
        return rules.codec();
    }

    /** Ends the turn; nothing of what it decided counts. */
    void abandon() {
        IS_OVER.setRelease(this, true);
    }

    private Decision passed() {
        if (edits.isEmpty() && emitted.isEmpty() && events.isEmpty() && replies.isEmpty()) {
            return Decision.Pass.PASS;
        }
        return new Decision.Fail(
                Failure.HANDLER_FAILED,
                "a turn that has decided something cannot pass: edits="
                        + edits.size()
                        + " emitted="
                        + emitted.size()
                        + " events="
                        + events.size()
                        + " replies="
                        + replies.size());
    }

    private void edit(List<Edit> made) {
        int more = 0;
        for (Edit edit : made) {
            more += EDIT_BYTES + edit.key().sizeBytes() + edit.value().sizeBytes();
        }
        charge(more);
        for (Edit edit : made) {
            if (edit.isReplacement()) {
                saw(edit.key().top(), edit.value());
            } else {
                opened(edit.key().top()).apply(edit);
            }
            edits = with(edits, edit);
        }
    }

    /** The whole document in which the key lies, this turn's edits included. */
    private OpenDocument document(Key key) {
        if (scope == Scope.MEMBER) {
            return rules.documents().open(reader.read(key.top()));
        }
        if (!seen.containsKey(key.top())) {
            requireReach(key);
        }
        return opened(key.top());
    }

    private OpenDocument opened(String topLevelKey) {
        OpenDocument document = seen.get(topLevelKey);
        return document == null ? saw(topLevelKey, reader.read(topLevelKey)) : document;
    }

    private void requireRunning() {
        if (isOver) {
            throw new IllegalStateException(
                    "a turn is over when its handler has answered: message key="
                            + asked.key()
                            + "; answer with a CompletionStage to decide later");
        }
    }

    private void requireReach(Key key) {
        requireEdits();
        rules.requireTogether(asked.key(), key);
    }

    private void requireEdits() {
        if (rules.service().isStateless()) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "a stateless service has no documents to edit: service="
                            + rules.service().name());
        }
        if (scope == Scope.READING) {
            throw TurnRules.refused(
                    "a verb that is declared to read changes nothing and emits nothing: service="
                            + rules.service().name());
        }
        if (scope == Scope.MEMBER || asked.key().isNone()) {
            throw TurnRules.refused(
                    "a message without a key, or to one or all members, can only read and reply:"
                            + " service="
                            + rules.service().name());
        }
    }

    private void charge(int more) {
        if (bytes + more > rules.limits().messageBytes()) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "all that a turn decides must fit into message.bytes: bytes="
                            + (bytes + more)
                            + " message.bytes="
                            + rules.limits().messageBytes()
                            + " message key="
                            + Excerpt.of(asked.key()));
        }
        bytes += more;
    }
}
