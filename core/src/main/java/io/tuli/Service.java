package io.tuli;

import io.tuli.type.TypeOf;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A logical name, and the only address there is: its state, its handler, its changes. Thread-safe.
 *
 * <p>Keys are texts of {@link Key}: {@code u42.address.city} is a field of the document {@code
 * u42}, and so {@code update("ada@x.org", …)} writes the field {@code org} of {@code ada@x}. Where
 * names are not yours to choose, use a {@link Key}: {@code update(Key.of("ada@x.org"), …)} writes
 * the document of exactly that name. A text that is no key throws IllegalArgumentException. All
 * writes are ordered by the owner of their top-level key.
 *
 * <p>What is said of a method with a text, or with a class, holds for the one with a {@link Key} or
 * a {@link TypeOf}, too.
 *
 * <p>The owner refuses, with BAD_REQUEST, what would leave a document that cannot be read as the
 * type it serves; see {@link ServiceConfig#unchecked}. What an edit would have to replace besides
 * what it names is CONFLICT; see {@link Verbs}.
 */
public interface Service<T> extends AutoCloseable {

    String name();

    /**
     * The documents of the local replica by top-level key: a live, read-only view; reads never wait
     * and never leave.
     *
     * <p>The names are as they are, not texts of keys: {@code state().get("ada@x.org")} is the
     * document of {@code Key.of("ada@x.org")}, and nothing that lies inside {@code ada@x}. Fields
     * are read by {@link #get(String, Class)}.
     *
     * <p>A document that cannot be read as a {@code T} ends no walk: {@code values()}, {@code
     * entrySet()}, {@code forEach} and what is made of them leave it out, and the log names its
     * key; {@code keySet()}, {@code size()} and {@code containsKey} count it, {@code toString()}
     * marks it. To {@code get} it throws BAD_REQUEST and names service, key and type.
     */
    Map<String, T> state();

    /**
     * The part of {@link #state()} whose top-level keys begin with a text, as live as all of it:
     * {@code state("eu.")}. Keys and size decode nothing; a walk looks at all keys, and makes
     * objects of those that are in it alone.
     *
     * @throws TuliException BAD_REQUEST for half of a surrogate pair, which no key has
     */
    Map<String, T> state(String prefix);

    /**
     * How many top-level keys of the local replica begin with a text: looks at keys alone. Weakly
     * consistent while documents come and go.
     *
     * @throws TuliException BAD_REQUEST for half of a surrogate pair, which no key has
     */
    int count(String prefix);

    /**
     * The value at a deep key of the local replica as a {@code type}; null if there is none.
     *
     * @throws TuliException BAD_REQUEST when it is no such type
     */
    default <V> @Nullable V get(String key, Class<V> type) {
        return get(Key.parse(key), type);
    }

    <V> @Nullable V get(Key key, Class<V> type);

    default <V> @Nullable V get(String key, TypeOf<V> type) {
        return get(Key.parse(key), type);
    }

    <V> @Nullable V get(Key key, TypeOf<V> type);

    /**
     * The records of the local replica that a query matches: the documents that are JSON objects,
     * each with its key as {@code id}. It looks at every document, on this thread. What a call of
     * this member has written, it sees once the call's reply is there.
     *
     * @param type what each record is read as; {@code Map} for JSON-like values
     * @throws Refusal 400 where the query asks for more than its bounds allow
     * @throws TuliException BAD_REQUEST when a record is no such type
     */
    <R> Page<R> find(Query query, Class<R> type);

    <R> Page<R> find(Query query, TypeOf<R> type);

    /**
     * A whole document of the local replica with its version, for {@link Message#ifVersion}: reads
     * as {@link #get(String, Class)} does, on any thread.
     *
     * @throws IllegalArgumentException where the key leads inside a document: versions are of whole
     *     documents
     * @throws TuliException BAD_REQUEST when it cannot be read as a {@code T}
     */
    default Versioned<T> versioned(String key) {
        return versioned(Key.parse(key));
    }

    Versioned<T> versioned(Key key);

    /**
     * Reads the committed value at a deep key at the key's owner, over the network: for those
     * without a replica. Changes nothing; replies null if there is none.
     */
    default <V> Call<V> read(String key, Class<V> type) {
        return read(Key.parse(key), type);
    }

    <V> Call<V> read(Key key, Class<V> type);

    default <V> Call<V> read(String key, TypeOf<V> type) {
        return read(Key.parse(key), type);
    }

    <V> Call<V> read(Key key, TypeOf<V> type);

    /** Sets the value at a key. */
    default Call<Void> update(String key, @Nullable Object value) {
        return update(Key.parse(key), value);
    }

    Call<Void> update(Key key, @Nullable Object value);

    /**
     * Sets the value at a key; the document goes by itself after so long, counted from now on, see
     * {@link ServiceConfig#expireAfter}.
     */
    default Call<Void> update(String key, @Nullable Object value, Duration expireAfter) {
        return update(Key.parse(key), value, expireAfter);
    }

    Call<Void> update(Key key, @Nullable Object value, Duration expireAfter);

    /** Renews a document by what its service says; replies whether it was there. */
    default Call<Boolean> touch(String key) {
        return touch(Key.parse(key));
    }

    Call<Boolean> touch(Key key);

    /** The document goes after so long, counted from now on; replies whether it was there. */
    default Call<Boolean> touch(String key, Duration expireAfter) {
        return touch(Key.parse(key), expireAfter);
    }

    Call<Boolean> touch(Key key, Duration expireAfter);

    /** The document stays until it is removed; replies whether it was there. */
    default Call<Boolean> persist(String key) {
        return persist(Key.parse(key));
    }

    Call<Boolean> persist(Key key);

    /** When a document of the local replica goes; empty where it stays, or is not there. */
    default Optional<Instant> expiresAt(String key) {
        return expiresAt(Key.parse(key));
    }

    Optional<Instant> expiresAt(Key key);

    /**
     * Sets the value at a key if it is {@code expected} now, else CONFLICT: both are compared as
     * JSON, their fields in whatever order. Null expects JSON null; what must not be there yet is
     * {@link #add(String, Object) added}. Bytes are compared as a whole by {@link
     * Message#ifVersion}, not here.
     */
    default Call<Void> replace(String key, @Nullable Object expected, @Nullable Object value) {
        return replace(Key.parse(key), expected, value);
    }

    Call<Void> replace(Key key, @Nullable Object expected, @Nullable Object value);

    /** Removes a key; replies whether it was there. */
    default Call<Boolean> remove(String key) {
        return remove(Key.parse(key));
    }

    Call<Boolean> remove(Key key);

    /** Creates a key, CONFLICT if it exists; replies the key. */
    default Call<String> add(String key, @Nullable Object value) {
        return add(Key.parse(key), value);
    }

    Call<String> add(Key key, @Nullable Object value);

    /** Creates a document under a new unique key; replies the key. */
    Call<String> add(@Nullable Object value);

    /** Appends to the array at a key; replies the index. */
    default Call<Integer> push(String key, @Nullable Object value) {
        return push(Key.parse(key), value);
    }

    Call<Integer> push(Key key, @Nullable Object value);

    /**
     * Adds to the integer of 64 bits at a key, 0 if missing; replies the sum. Increments made on
     * two sides of a split add up.
     */
    default Call<Long> increment(String key, long by) {
        return increment(Key.parse(key), by);
    }

    Call<Long> increment(Key key, long by);

    /**
     * Makes a value an element of the set at a key: an array without repetitions, read as a {@code
     * Set} or a {@code List}. Replies whether it was none before. Of two sides of a split, both
     * sides' inclusions stay. Elements are the same where their JSON text is.
     */
    default Call<Boolean> include(String key, Object element) {
        return include(Key.parse(key), element);
    }

    Call<Boolean> include(Key key, Object element);

    /**
     * Takes an element out of the set at a key; replies whether it was there. After a split, an
     * element stays that the other side has included meanwhile.
     */
    default Call<Boolean> exclude(String key, Object element) {
        return exclude(Key.parse(key), element);
    }

    Call<Boolean> exclude(Key key, Object element);

    /** Sets each field of {@code fields} below a key, together. */
    default Call<Void> patch(String key, Object fields) {
        return patch(Key.parse(key), fields);
    }

    Call<Void> patch(Key key, Object fields);

    /** Applies a change as another feed delivered it, or one of your own making. */
    Call<Void> set(Edit edit);

    /**
     * Sends a message to the owner of its key; the reply as strings, numbers, booleans, lists and
     * maps. For a stateless service this is {@link #any}.
     */
    Call<Object> send(Message message);

    /** Sends a message to the owner of its key; the reply as an {@code R}. */
    <R> Call<R> send(Message message, Class<R> reply);

    <R> Call<R> send(Message message, TypeOf<R> reply);

    /** This service narrowed to one key. */
    default Target key(String key) {
        return key(Key.parse(key));
    }

    /** The same, narrowed to exactly this key. */
    Target key(Key key);

    /**
     * One server, whichever is ready: linked, not full, with the fewest calls of this member open;
     * of equals each in turn. Its handler can change nothing of the service; with documents, it
     * reads the server's replica. While nobody is ready the call waits, up to its deadline.
     *
     * <p>A server that is lost is waited for a moment and asked again, which does not run the
     * message twice; then another is asked under the same id. So a message may run at two servers,
     * unless it says {@link Message#atMostOnce}: then a lost link ends it UNKNOWN.
     *
     * <p>Which servers of several versions or places are asked is said on it, or by the servers
     * themselves: {@link Any}, {@link ServiceDescription#share}.
     */
    Any any();

    /**
     * All servers at once, a survey: each is asked once. It ends when all have answered or failed,
     * or within one second unless the message says. Replies come as a stream, or say whose they
     * are: {@link Survey#answers}.
     */
    Survey all();

    /**
     * Asks all servers, and waits until all have answered or failed, or so long; who has failed by
     * then, or is silent, is left out, see {@link Survey#answers}.
     *
     * @return each answer by its member; null where it is nothing, or JSON null
     * @throws TuliException where nobody has answered, and somebody failed: as that did; CANCELLED
     *     when the thread is interrupted
     * @throws IllegalStateException on an event loop, which must not wait
     */
    <R> Map<Member, @Nullable R> ask(Message message, Class<R> reply, Duration within);

    <R> Map<Member, @Nullable R> ask(Message message, TypeOf<R> reply, Duration within);

    /** One particular server, whose handler can change nothing of the service. */
    One member(MemberId id);

    /** Every committed change, on every member that holds a replica. */
    Feed<Change> feed();

    /** Every committed entry. */
    Feed<Committed> commits();

    /**
     * Publishes to all that listen now; see {@link #events}. Nothing is kept, nothing is sent
     * again: at most once. Where nobody wants the subject nothing is encoded, and nothing sent.
     *
     * <p>It returns at once. To members whose link has no room it is dropped, which they count as
     * missed.
     *
     * @param subject 1 to 16 tokens joined by dots, at most 255 bytes, as in {@code
     *     eu.milan.price}; without blanks, {@code *} and {@code >}, and not beginning with {@code
     *     $}
     * @return the members it was sent to, this one included; 0 where nobody wants it, or where this
     *     member has not heard yet who does, because it has only just joined
     * @throws TuliException BAD_REQUEST when it is no subject or the body cannot be written,
     *     TOO_LARGE, NOT_AUTHORISED on a member that may only read, CLOSED after it has left
     */
    int publish(String subject, @Nullable Object body);

    /**
     * Publishes, and tells how many subscribers have taken it into their queues, once all members
     * it was sent to have said so, or when that time is up, as many as are known then.
     *
     * @throws TuliException as {@link #publish(String, Object)}; OVERLOADED where 10,000 wait so
     */
    CompletableFuture<Integer> publish(String subject, @Nullable Object body, Duration within);

    /**
     * Publishes, and keeps it as the last of its subject, for those who begin to listen {@linkplain
     * EventFeed#withLast with what is kept}. This member keeps it, for as long as it lives and has
     * the service: what must outlive it is a document. Null is published, too, and nothing is kept
     * of the subject any more. A plain {@link #publish(String, Object) publish} changes nothing of
     * what is kept.
     *
     * @return as {@link #publish(String, Object)}
     * @throws TuliException as that; METHOD_NOT_ALLOWED on a client, which nobody could ask;
     *     OVERLOADED, and nothing is published, beyond 10,000 subjects or 16 MiB of a service
     */
    int retain(String subject, @Nullable Object body);

    /**
     * What members publish of this service while one listens. Every member that serves or uses it
     * can publish and listen, whether it has a replica or not.
     */
    EventFeed events();

    /**
     * Blocks until the local replica of every partition is in sync, or fails with TIMEOUT at the
     * deadline.
     */
    void awaitSync(Duration within);

    /**
     * Blocks until the local replica shows all that lies before a receipt's position: what another
     * member was told OK can be read here then.
     *
     * @throws TuliException TIMEOUT at the deadline; CONFLICT where the receipt's side of a split
     *     gave way: its position is in no changelog any more, and what became of the write shows in
     *     the state
     * @throws IllegalStateException on an event loop, which must not wait; and on a member without
     *     a replica
     */
    void await(Receipt receipt, Duration within);

    /**
     * Ends this member's part in the service, whichever of its {@code Service}s is asked: it serves
     * or uses it no more. All else of the member goes on.
     *
     * <p>It is drained first, for at most {@code drain}. No messages are taken any more that other
     * members could take; what runs is answered; the partitions of a server move to the others,
     * with all that is in them. Then what this member has asked of the service may end, and its
     * feeds, subscriptions and folds are closed. What has not ended by then ends CLOSED, UNKNOWN
     * where it was sent. The documents of a service that nobody else serves go with it.
     *
     * <p>From then on all {@code Service}s of it at this member throw CLOSED, and their calls fail
     * with it; {@link Mesh#serve} or {@link Mesh#use} begins anew. Closing twice is harmless: who
     * comes second waits for the first. An interrupt hurries it on.
     *
     * @throws TuliException CONFLICT where a service that this member serves folds this one: close
     *     that before
     * @throws IllegalStateException on an event loop, which must not wait
     */
    void close(Duration drain);

    /** The same, within the {@code drain} of this member's settings. */
    @Override
    void close();

    /** A service narrowed to a part of itself. */
    interface Target {

        Call<Object> send(Message message);

        <R> Call<R> send(Message message, Class<R> reply);

        <R> Call<R> send(Message message, TypeOf<R> reply);
    }

    /** One server. */
    interface One extends Target {

        /**
         * Opens a tunnel to it, chosen as for a message; once it is open it stays there. Waits for
         * that, as long as for an answer by {@code request.deadline} at most.
         *
         * @param message what the handler is told; its {@link Message#within} is how long the
         *     tunnel lasts, {@code tunnel.lasts} where it does not say
         * @return close it in the end
         * @throws TuliException OVERLOADED where this member has as many as it may, or all servers
         *     have; METHOD_NOT_ALLOWED where none takes tunnels; as calls fail, else
         * @throws IllegalStateException on an event loop, which must not wait
         */
        Tunnel open(Message message);
    }

    /** One server, whichever is ready; see {@link Service#any}. Immutable. */
    interface Any extends One {

        /**
         * The same, but this member goes before others if it serves, and then those of its machine
         * do: further ones are asked while no nearer one is ready. Of one machine are those that
         * are reached at the same host.
         */
        Any near();

        /**
         * The same for servers that announce a version of these alone, see {@link
         * ServiceDescription#version}; whoever is asked looks once more, so no other runs it. Terms
         * with blanks between them, all of which must hold:
         *
         * <ul>
         *   <li>{@code 2.x} or {@code 2}: begins with 2, as in 2, 2.0 and 2.10.3; {@code 2.1.x}
         *       likewise
         *   <li>{@code >=2.1}, {@code >2.1}, {@code <3}, {@code <=2.9}: compared number by number;
         *       what is not there is 0
         *   <li>{@code =2.1}: that version, also written 2.1.0
         *   <li>{@code =2.1-rc1}, {@code =green}: that very text, for versions that are more than
         *       numbers: none of the other terms matches these
         * </ul>
         *
         * <p>Where nobody serves such a version the call waits for somebody as long as for any
         * server; with {@link Message#failFast} it ends with NOT_FOUND at once. Its error names the
         * versions that are there.
         *
         * @param versions in place of what was said before; at most 64 characters
         * @throws IllegalArgumentException where it is no such text
         */
        Any version(String versions);
    }

    /** All servers at once. */
    interface Survey extends Target {

        /** The same; it ends as soon as so many have answered, and the others are told. */
        Survey first(int answers);

        /**
         * What has become of each server. A server that dies or leaves has failed at once; one that
         * is full has failed with OVERLOADED; one whose handler throws, with what that threw.
         * Answers that come too late count for nothing. Together they have at most 16 times {@code
         * message.bytes}: who answers beyond that has failed with TOO_LARGE.
         *
         * @return completes by the deadline of the message; at once where nobody serves. Cancelled,
         *     it gives the survey up. It is completed on a mesh thread
         * @throws TuliException TOO_LARGE where there are more than 1,024 servers
         */
        <R> CompletableFuture<Answers<R>> answers(Message message, Class<R> reply);

        <R> CompletableFuture<Answers<R>> answers(Message message, TypeOf<R> reply);
    }

    /**
     * What has become of those whom a survey asked: each is in one of the three.
     *
     * @param values of those who answered; null where that is nothing, or JSON null
     * @param failed why each of the others gives no answer
     * @param silent of whom nothing was heard before the survey ended
     */
    record Answers<R>(
            Map<Member, @Nullable R> values,
            Map<Member, TuliException> failed,
            Set<Member> silent) {

        public Answers {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            failed = Collections.unmodifiableMap(new LinkedHashMap<>(failed));
            silent = Collections.unmodifiableSet(new LinkedHashSet<>(silent));
        }
    }
}
