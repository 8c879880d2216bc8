package io.tuli.handler;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Key messageKey;
    private final Scope scope;
    private final Task.Reader reader;

    // Made when the first comes: most turns have few of them.
    private Map<String, Payload> seen = Map.of();
    private List<Edit> edits = List.of();
    private List<Decision.Emitted> emitted = List.of();
    private List<Payload> replies = List.of();

    private long bytes;

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
        /** It belongs to no key: it reads the local replica, and edits nothing. */
        MEMBER
    }

    /**
     * The reader is asked for documents.
     *
     * @param document the one at the message's key; null if the reader may be asked for that, too
     */
    RunningTurn(
            TurnRules<T> rules,
            Scope scope,
            Key messageKey,
            @Nullable Payload document,
            Task.Reader reader) {
        this.rules = rules;
        this.scope = scope;
        this.messageKey = messageKey;
        this.reader = reader;
        if (document != null) {
            saw(messageKey.top(), document);
        }
    }

    private void saw(String topLevelKey, Payload document) {
        if (seen.isEmpty()) {
            seen = new HashMap<>(4);
        }
        seen.put(topLevelKey, document);
    }

    private static <E> List<E> with(List<E> list, E element) {
        List<E> longer = list.isEmpty() ? new ArrayList<>(2) : list;
        longer.add(element);
        return longer;
    }

    @Override
    public @Nullable T value() {
        requireRunning();
        if (messageKey.isNone()) {
            return null;
        }
        return rules.codec().decode(document(messageKey), rules.service().type());
    }

    @Override
    public <V> @Nullable V value(String key, Class<V> type) {
        requireRunning();
        return rules.codec().decode(read(rules.key(key)), type);
    }

    @Override
    public void update(@Nullable Object value) {
        requireRunning();
        if (messageKey.isNone()) {
            throw TurnRules.refused("a turn edits the document at its message's key: it has none");
        }
        update(Key.of(messageKey.top()), value);
    }

    @Override
    public void update(String key, @Nullable Object value) {
        requireRunning();
        update(rules.key(key), value);
    }

    @Override
    public void add(String key, @Nullable Object value) {
        requireRunning();
        Key at = rules.key(key);
        requireReach(at);
        boolean isInsertion = !at.isTop() && rules.documents().length(read(parent(at))) >= 0;
        if (!isInsertion && !read(at).isNone()) {
            throw new TuliException(
                    Failure.CONFLICT, "add needs a key that does not exist: key=" + at);
        }
        edit(Edit.add(at, rules.value(at, value)));
    }

    @Override
    public void push(String key, @Nullable Object value) {
        requireRunning();
        Key at = rules.key(key);
        requireReach(at);
        Payload array = read(at);
        if (array.isNone()) {
            edit(Edit.update(at, arrayOf(rules.value(at.child("0"), value))));
            return;
        }
        int length = rules.documents().length(array);
        if (length < 0) {
            throw new TuliException(
                    Failure.CONFLICT, "push needs an array at the key, or nothing: key=" + at);
        }
        Key end = at.child(Integer.toString(length));
        edit(Edit.add(end, jsonOnly(rules.value(end, value))));
    }

    @Override
    public void increment(String key, long by) {
        requireRunning();
        Key at = rules.key(key);
        requireReach(at);
        Payload before = read(at);
        if (!before.isNone() && !rules.documents().isNumber(before)) {
            throw TurnRules.refused("increment needs a number at the key, or nothing: key=" + at);
        }
        edit(new Edit(Edit.Kind.INCREMENT, at, rules.value(at, by)));
    }

    @Override
    public void include(String key, Object element) {
        requireRunning();
        Key at = rules.key(key);
        requireSet(at);
        edit(new Edit(Edit.Kind.INCLUDE, at, jsonOnly(rules.value(at, element))));
    }

    @Override
    public void exclude(String key, Object element) {
        requireRunning();
        Key at = rules.key(key);
        requireSet(at);
        Payload value = jsonOnly(rules.value(at, element));
        if (rules.documents().indexOf(read(at), value) >= 0) {
            edit(new Edit(Edit.Kind.EXCLUDE, at, value));
        }
    }

    private void requireSet(Key at) {
        requireReach(at);
        Payload set = read(at);
        if (!set.isNone() && rules.documents().length(set) < 0) {
            throw new TuliException(
                    Failure.CONFLICT, "a set needs an array at the key, or nothing: key=" + at);
        }
    }

    @Override
    public void patch(String key, Object fields) {
        requireRunning();
        Key at = rules.key(key);
        Payload object = rules.value(at, fields);
        Map<String, Payload> byName = rules.documents().fields(object);
        if (byName.isEmpty() && !object.equals(Payload.json("{}"))) {
            throw TurnRules.refused("patch needs an object with the fields to set: key=" + at);
        }
        if (byName.containsKey("")) {
            throw TurnRules.refused("patch cannot set a field without a name: key=" + at);
        }
        byName.forEach((field, value) -> edit(Edit.update(at.child(field), value)));
    }

    @Override
    public void remove(String key) {
        requireRunning();
        Key at = rules.key(key);
        requireReach(at);
        if (!read(at).isNone()) {
            edit(Edit.remove(at));
        }
    }

    @Override
    public void emit(String service, Message message) {
        requireRunning();
        requireEdits();
        Payload body = message.body() == null ? Payload.NONE : rules.codec().encode(message.body());
        charge(body.sizeBytes() + message.verb().length() + message.key().sizeBytes());
        emitted = with(emitted, new Decision.Emitted(service, message.carrying(body)));
    }

    @Override
    public void reply(@Nullable Object value) {
        requireRunning();
        Payload payload = rules.codec().encode(value);
        charge(payload.sizeBytes());
        replies = with(replies, payload);
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
        return new Decision.Done(List.copyOf(edits), List.copyOf(emitted), reply, stream);
    }

    /** Ends the turn; nothing of what it decided counts. */
    void abandon() {
        IS_OVER.setRelease(this, true);
    }

    private Decision passed() {
        if (edits.isEmpty() && emitted.isEmpty() && replies.isEmpty()) {
            return new Decision.Pass();
        }
        return new Decision.Fail(
                Failure.HANDLER_FAILED,
                "a turn that has decided something cannot pass: edits="
                        + edits.size()
                        + " emitted="
                        + emitted.size()
                        + " replies="
                        + replies.size());
    }

    private void update(Key at, @Nullable Object value) {
        requireReach(at);
        edit(Edit.update(at, rules.value(at, value)));
    }

    private void edit(Edit edit) {
        requireReach(edit.key());
        charge(EDIT_BYTES + edit.key().sizeBytes() + edit.value().sizeBytes());
        Payload after = rules.documents().apply(document(edit.key()), edit);
        saw(edit.key().top(), after);
        edits = with(edits, edit);
    }

    private Payload read(Key key) {
        return rules.documents().read(document(key), key);
    }

    /** The whole document in which the key lies, this turn's edits included. */
    private Payload document(Key key) {
        Payload document = seen.get(key.top());
        if (document != null) {
            return document;
        }
        if (scope == Scope.MEMBER) {
            return reader.read(key.top());
        }
        requireReach(key);
        Payload read = reader.read(key.top());
        saw(key.top(), read);
        return read;
    }

    private void requireRunning() {
        if (isOver) {
            throw new IllegalStateException(
                    "a turn is over when its handler has answered: message key="
                            + messageKey
                            + "; answer with a CompletionStage to decide later");
        }
    }

    private void requireReach(Key key) {
        requireEdits();
        rules.requireTogether(messageKey, key);
    }

    private void requireEdits() {
        if (scope == Scope.MEMBER || messageKey.isNone()) {
            throw TurnRules.refused(
                    "a message without a key, or to one or all members, can only read and reply:"
                            + " service="
                            + rules.service().name());
        }
    }

    private void charge(int more) {
        bytes += more;
        if (bytes > rules.limits().messageBytes()) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "all that a turn decides must fit into message.bytes: bytes="
                            + bytes
                            + " message.bytes="
                            + rules.limits().messageBytes()
                            + " message key="
                            + messageKey);
        }
    }

    private static Payload arrayOf(Payload value) {
        String json = new String(jsonOnly(value).bytes(), StandardCharsets.UTF_8);
        return Payload.json("[" + json + "]");
    }

    private static Payload jsonOnly(Payload value) {
        if (value.format() != Payload.Format.JSON) {
            throw TurnRules.refused("an element needs to be a JSON value: it is " + value.format());
        }
        return value;
    }

    private static Key parent(Key key) {
        List<String> above = key.below().subList(0, key.below().size() - 1);
        return Key.of(key.top(), above.toArray(String[]::new));
    }
}
