package io.tuli;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request: verb, key, body, id, deadline, headers. Immutable; each {@code with}-like method
 * answers a changed copy.
 *
 * <p>Without an id it gets one that is unique; give your own to make a repeat from elsewhere
 * recognisable. Without {@link #within} the service's request deadline holds.
 */
public final class Message {

    private final String verb;
    private final Key key;
    private final @Nullable Object body;
    private final RequestId id;
    private final Duration within;
    private final Commit commit;
    private final boolean repeatable;
    private final SortedMap<String, String> headers;
    private final @Nullable Codec codec;

    private Message(Draft draft) {
        this.verb = draft.verb;
        this.key = draft.key;
        this.body = draft.body;
        this.id = draft.id;
        this.within = draft.within;
        this.commit = draft.commit;
        this.repeatable = draft.repeatable;
        this.headers = draft.headers;
        this.codec = draft.codec;
    }

    /** A message without a body. */
    public static Message of(String verb) {
        return of(verb, null);
    }

    /** A message with a body: a record, JSON-like values, bytes or a {@link Payload}. */
    public static Message of(String verb, @Nullable Object body) {
        Require.argument(!verb.isBlank(), "a verb is not blank", verb);
        Draft draft = new Draft();
        draft.verb = verb;
        draft.body = body;
        return new Message(draft);
    }

    /** The message as it reached the owner, its body still in bytes. */
    public static Message received(Arrival arrival, Codec codec) {
        Draft draft = new Draft();
        draft.verb = arrival.verb;
        draft.key = arrival.key;
        draft.body = arrival.body;
        draft.id = arrival.id;
        draft.within = arrival.within;
        if (!arrival.headers.isEmpty()) {
            draft.headers = new TreeMap<>(arrival.headers);
        }
        draft.codec = codec;
        return new Message(draft);
    }

    /**
     * What a message is made of where it arrives.
     *
     * @param within what is left of its deadline; ZERO if it has none
     */
    public record Arrival(
            String verb,
            Key key,
            Payload body,
            RequestId id,
            Duration within,
            Map<String, String> headers) {}

    public Message key(String text) {
        return key(Key.parse(text));
    }

    public Message key(Key other) {
        Draft draft = new Draft(this);
        draft.key = other;
        return new Message(draft);
    }

    /**
     * Names the request, so that a repeat - from anywhere, inside the dedup window - is recognised.
     */
    public Message id(String name) {
        return id(RequestId.named(name));
    }

    public Message id(RequestId other) {
        Draft draft = new Draft(this);
        draft.id = other;
        return new Message(draft);
    }

    /** The call ends by then, with one of the three outcomes. */
    public Message within(Duration deadline) {
        Require.argument(deadline.isPositive(), "a deadline is positive", deadline);
        Draft draft = new Draft(this);
        draft.within = deadline;
        return new Message(draft);
    }

    /** How many copies the call's OK stands for. */
    public Message commit(Commit other) {
        Draft draft = new Draft(this);
        draft.commit = other;
        return new Message(draft);
    }

    /**
     * Sent once and never again: after a lost link the outcome is UNKNOWN rather than a safe
     * repeat.
     */
    public Message atMostOnce() {
        Draft draft = new Draft(this);
        draft.repeatable = false;
        return new Message(draft);
    }

    /** The same message with another body. */
    public Message carrying(@Nullable Object other) {
        Draft draft = new Draft(this);
        draft.body = other;
        return new Message(draft);
    }

    public Message header(String name, String value) {
        Draft draft = new Draft(this);
        draft.headers = new TreeMap<>(headers);
        draft.headers.put(name, value);
        return new Message(draft);
    }

    public String verb() {
        return verb;
    }

    public Key key() {
        return key;
    }

    /** The body as it was given; on the owner a {@link Payload}. */
    public @Nullable Object body() {
        return body;
    }

    /**
     * The body as a {@code type}.
     *
     * @return null where there is no body, or JSON null
     * @throws TuliException BAD_REQUEST when it is no such type
     */
    public <T> @Nullable T body(Class<T> type) {
        if (body instanceof Payload payload && codec != null && type != Payload.class) {
            return codec.decode(payload, type);
        }
        return type.cast(body);
    }

    /** {@link RequestId#NONE} before it is sent, unless named. */
    public RequestId id() {
        return id;
    }

    /** {@link Duration#ZERO} where the service's own deadline holds. */
    public Duration within() {
        return within;
    }

    public Commit commit() {
        return commit;
    }

    public boolean isRepeatable() {
        return repeatable;
    }

    public SortedMap<String, String> headers() {
        return headers;
    }

    @Override
    public String toString() {
        return verb + " " + key;
    }

    private static final class Draft {
        private String verb = "";
        private Key key = Key.NONE;
        private @Nullable Object body;
        private RequestId id = RequestId.NONE;
        private Duration within = Duration.ZERO;
        private Commit commit = Commit.safe();
        private boolean repeatable = true;
        private SortedMap<String, String> headers = Collections.emptySortedMap();
        private @Nullable Codec codec;

        Draft() {}

        Draft(Message from) {
            verb = from.verb;
            key = from.key;
            body = from.body;
            id = from.id;
            within = from.within;
            commit = from.commit;
            repeatable = from.repeatable;
            headers = from.headers;
            codec = from.codec;
        }
    }
}
