package io.tuli;

import io.tuli.arrival.ArrivedMessage;
import io.tuli.error.Printable;
import io.tuli.error.Require;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request: verb, key, body, id, deadline, headers. Immutable; each {@code with}-like method
 * answers a changed copy.
 *
 * <p>Without an id it gets one that is unique; give your own to make a repeat from elsewhere
 * recognisable. What is not said is what the service says, or else the member's settings.
 */
public final class Message {

    private static final Terms USUAL =
            new Terms(
                    RequestId.NONE,
                    null,
                    null,
                    true,
                    false,
                    Collections.emptySortedMap(),
                    null,
                    null);

    private final String verb;
    private final Key key;
    private final @Nullable Object body;

    /** What is seldom said, and shared by the copies of those that say the same. */
    private final Terms terms;

    private Message(String verb, Key key, @Nullable Object body, Terms terms) {
        this.verb = verb;
        this.key = key;
        this.body = body;
        this.terms = terms;
    }

    /** A message without a body. */
    public static Message of(String verb) {
        return of(verb, null);
    }

    /** A message with a body: a record, JSON-like values, bytes or a {@link Payload}. */
    public static Message of(String verb, @Nullable Object body) {
        Require.argument(!verb.isBlank(), "a verb is not blank", verb);
        return body instanceof ArrivedMessage arrived
                ? new Message(verb, (Key) arrived.key(), arrived, termsOf(arrived))
                : new Message(verb, Key.NONE, body, USUAL);
    }

    /** On the way of every message to a handler: nothing is made that is only changed again. */
    private static Terms termsOf(ArrivedMessage arrived) {
        SortedMap<String, String> headers =
                arrived.headers().isEmpty() ? USUAL.headers : new TreeMap<>(arrived.headers());
        return new Terms(
                (RequestId) arrived.id(),
                arrived.within(),
                null,
                true,
                false,
                headers,
                (Caller) arrived.caller(),
                null);
    }

    public Message key(String text) {
        return key(Key.parse(text));
    }

    public Message key(Key other) {
        return new Message(verb, Objects.requireNonNull(other, "key"), body, terms);
    }

    /**
     * Names the request, so that a repeat - from anywhere, inside the dedup window - is recognised.
     */
    public Message id(String name) {
        return id(RequestId.named(name));
    }

    /**
     * Repeats a request under the identity it had: a named one from anywhere, any other from the
     * member that sent it. An id is one request's: with another key, verb, body or condition it is
     * refused with CONFLICT.
     */
    public Message id(RequestId other) {
        return with(terms.id(Objects.requireNonNull(other, "id")));
    }

    /** The call ends by then, with one of the three outcomes. */
    public Message within(Duration deadline) {
        Require.argument(deadline.isPositive(), "a deadline is positive", deadline);
        return with(terms.within(deadline));
    }

    /** How many copies the call's OK stands for. */
    public Message commit(Commit other) {
        return with(terms.commit(Objects.requireNonNull(other)));
    }

    /**
     * Sent once and never again: after a lost link the outcome is UNKNOWN rather than a safe
     * repeat.
     */
    public Message atMostOnce() {
        return with(terms.atMostOnce());
    }

    /**
     * Holds only where the document at the key's top level was changed last by the entry right
     * before that position, as {@link Service#versioned} tells it, or the position of an earlier
     * write's {@link Receipt}: else CONFLICT. The owner looks when the message's turn has come,
     * before the handler or the built-in verb decides, and after it has looked for a repeat: what
     * was executed under this id stays OK.
     *
     * <p>A version never comes again: after a split each side decides by its own documents, and
     * what a merge has changed has a new one.
     *
     * @param version of the document; {@link LogPosition#START} where there is none
     */
    public Message ifVersion(LogPosition version) {
        Require.argument(version.index() == 0, "a version is the end of an entry", version);
        return with(terms.version(version));
    }

    /** Holds only where there is no document at the key's top level: else CONFLICT. */
    public Message ifAbsent() {
        return ifVersion(LogPosition.START);
    }

    /**
     * Fails with NOT_FOUND at once where nobody serves the service, as far as all servers have said
     * what they serve. Without this it waits for somebody until its deadline.
     */
    public Message failFast() {
        return with(terms.failFast());
    }

    /**
     * The documents that the message edits go by themselves after so long, counted from now on, at
     * the owner: whatever was said before, and whatever their service says. It is a millisecond at
     * least, and of more than 4,000 years never. See {@link ServiceConfig#expireAfter}.
     *
     * @throws IllegalArgumentException where it is not positive
     */
    public Message expireAfter(Duration duration) {
        Require.argument(duration.isPositive(), "what expires does so after a while", duration);
        return with(terms.expiry(duration));
    }

    /** The documents that the message edits stay until somebody removes them. */
    public Message expireNever() {
        return with(terms.expiry(Duration.ZERO));
    }

    /** The same message with another body. */
    public Message carrying(@Nullable Object other) {
        return new Message(verb, key, other, terms);
    }

    /**
     * Says for whom it is sent: {@link #caller} where it arrives, and where it is handed on. Only a
     * server can, such as the gateway at which the call has come in: of any other member it is
     * refused with NOT_AUTHORISED. A repeat under the same id is for the same user, or refused with
     * CONFLICT; how the user has come and the claims may differ.
     */
    public Message as(Caller caller) {
        return with(terms.caller(Objects.requireNonNull(caller, "caller")));
    }

    /** A name that begins with {@code $} is refused with BAD_REQUEST where it is sent. */
    public Message header(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(terms.headers);
        more.put(name, Objects.requireNonNull(value, "value"));
        return with(terms.headers(more));
    }

    private Message with(Terms other) {
        return new Message(verb, key, body, other);
    }

    public String verb() {
        return verb;
    }

    public Key key() {
        return key;
    }

    /** The body as it was given; on the owner a {@link Payload}. */
    public @Nullable Object body() {
        return body instanceof ArrivedMessage arrived ? arrived.payload() : body;
    }

    /**
     * The body as a {@code type}.
     *
     * @return null where there is no body, or JSON null
     * @throws TuliException BAD_REQUEST when it is no such type
     */
    public <T> @Nullable T body(Class<T> type) {
        return body instanceof ArrivedMessage arrived ? arrived.body(type) : type.cast(body);
    }

    /** The same as a type with parameters. */
    @SuppressWarnings("unchecked") // reading made it one
    public <T> @Nullable T body(TypeOf<T> type) {
        return body instanceof ArrivedMessage arrived
                ? (T) arrived.body(type.type())
                : type.raw().cast(body);
    }

    /** {@link RequestId#NONE} before it is sent, unless named. */
    public RequestId id() {
        return terms.id;
    }

    /** By when the call ends; empty where it was not said. On the owner what is left of it. */
    public Optional<Duration> within() {
        return Optional.ofNullable(terms.within);
    }

    /** What the call's OK stands for; empty where it was not said. */
    public Optional<Commit> commit() {
        return Optional.ofNullable(terms.commit);
    }

    /**
     * The version the document must have, START for none; empty where it holds whatever there is.
     * Empty on the owner, too, where it has been looked at.
     */
    public Optional<LogPosition> version() {
        return Optional.ofNullable(terms.version());
    }

    /** After how long its documents go, zero for never; empty where the service says. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(terms.expiry());
    }

    public boolean isRepeatable() {
        return terms.repeatable;
    }

    /** Whether it fails at once where nobody serves. */
    public boolean failsFast() {
        return terms.failsFast;
    }

    /**
     * Who calls, see {@link Caller}: whoever handles it can believe it. Before it is sent it is
     * what was said, or {@link Caller#MESH}.
     */
    public Caller caller() {
        return terms.caller == null ? Caller.MESH : terms.caller;
    }

    public SortedMap<String, String> headers() {
        return terms.headers;
    }

    @Override
    public String toString() {
        return Printable.line(verb + " " + key);
    }

    /**
     * What besides verb, key and body a message says.
     *
     * @param within null where it was not said
     * @param commit null where it was not said
     * @param caller null where it was not said
     * @param rare null where nothing of it was said
     */
    private record Terms(
            RequestId id,
            @Nullable Duration within,
            @Nullable Commit commit,
            boolean repeatable,
            boolean failsFast,
            SortedMap<String, String> headers,
            @Nullable Caller caller,
            @Nullable Rare rare) {

        Terms id(RequestId other) {
            return new Terms(other, within, commit, repeatable, failsFast, headers, caller, rare);
        }

        Terms within(Duration other) {
            return new Terms(id, other, commit, repeatable, failsFast, headers, caller, rare);
        }

        Terms commit(Commit other) {
            return new Terms(id, within, other, repeatable, failsFast, headers, caller, rare);
        }

        Terms atMostOnce() {
            return new Terms(id, within, commit, false, failsFast, headers, caller, rare);
        }

        Terms failFast() {
            return new Terms(id, within, commit, repeatable, true, headers, caller, rare);
        }

        Terms headers(SortedMap<String, String> other) {
            return new Terms(id, within, commit, repeatable, failsFast, other, caller, rare);
        }

        Terms caller(Caller other) {
            return new Terms(id, within, commit, repeatable, failsFast, headers, other, rare);
        }

        Terms version(LogPosition other) {
            return rare(new Rare(other, expiry()));
        }

        Terms expiry(Duration other) {
            return rare(new Rare(version(), other));
        }

        private Terms rare(Rare other) {
            return new Terms(id, within, commit, repeatable, failsFast, headers, caller, other);
        }

        @Nullable LogPosition version() {
            return rare == null ? null : rare.version;
        }

        @Nullable Duration expiry() {
            return rare == null ? null : rare.expiry;
        }
    }

    /**
     * What hardly any message says.
     *
     * @param version null where it was not said
     * @param expiry null where it was not said, zero for never
     */
    private record Rare(@Nullable LogPosition version, @Nullable Duration expiry) {}
}
