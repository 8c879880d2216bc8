package io.tuli;

import io.tuli.error.Excerpt;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The turn of a message to a resource. Used as a turn is. */
final class ResourceTurn<T> implements ResourceContext<T> {

    /** Of a message: what is asked for besides its data. */
    private static final String QUERY = "query";

    /** Of a message: that all values of its query are texts, as those of an URL. */
    private static final String QUERY_TEXTS = "query-texts";

    private final String resource;
    private final Message message;
    private final Turn<T> turn;
    private final Resource.@Nullable HeardBy heardBy;
    private @Nullable Query query;

    ResourceTurn(
            String resource, Message message, Turn<T> turn, Resource.@Nullable HeardBy heardBy) {
        this.resource = resource;
        this.heardBy = heardBy;
        this.message = message;
        this.turn = turn;
    }

    // ---- what a resource adds ------------------------------------------------------------------

    @Override
    public String resource() {
        return resource;
    }

    @Override
    public String method() {
        return message.verb();
    }

    @Override
    public Optional<String> id() {
        Key key = message.key();
        if (!key.isTop()) {
            throw Refusal.badRequest(
                    "an id is a whole key, and a dot leads inside a document: "
                            + Excerpt.of(key)
                            + "; Key.of(id) is the key of an id with dots, as a text it has \\.");
        }
        return key.isNone() ? Optional.empty() : Optional.of(key.top());
    }

    @Override
    public Query query() {
        Query known = query;
        if (known == null) {
            known = read();
            query = known;
        }
        return known;
    }

    private Query read() {
        String header = message.headers().get(QUERY);
        Object asked = null;
        if (header != null) {
            asked = convert(Payload.json(header));
        } else if (isBodyTheQuery()) {
            asked = message.body(Object.class);
        }
        if (asked == null) {
            return Query.all();
        }
        if (!(asked instanceof Map<?, ?> names)) {
            throw Refusal.badRequest("a query is a JSON object: " + Excerpt.of(asked));
        }
        @SuppressWarnings("unchecked") // What is read from JSON has texts as names.
        Map<String, ?> raw = (Map<String, ?>) names;
        return message.headers().containsKey(QUERY_TEXTS) ? Query.ofTexts(raw) : Query.of(raw);
    }

    private boolean isBodyTheQuery() {
        return switch (message.verb()) {
            case Resource.FIND, Resource.GET, Resource.REMOVE -> true;
            default -> false;
        };
    }

    // ---- what a turn has -----------------------------------------------------------------------

    @Override
    public @Nullable T value() {
        return turn.value();
    }

    @Override
    public <V> @Nullable V value(Key key, Class<V> type) {
        return turn.value(key, type);
    }

    @Override
    public <R> Page<R> find(Query asked, Class<R> type) {
        return turn.find(asked, type);
    }

    @Override
    public <R> Page<R> find(Query asked, TypeOf<R> type) {
        return turn.find(asked, type);
    }

    @Override
    public <V> @Nullable V convert(@Nullable Object value, Class<V> type) {
        return turn.convert(value, type);
    }

    @Override
    public <V> @Nullable V convert(@Nullable Object value, TypeOf<V> type) {
        return turn.convert(value, type);
    }

    @Override
    public void update(@Nullable Object value) {
        turn.update(value);
    }

    @Override
    public void update(Key key, @Nullable Object value) {
        turn.update(key, value);
    }

    @Override
    public void add(Key key, @Nullable Object value) {
        turn.add(key, value);
    }

    @Override
    public void push(Key key, @Nullable Object value) {
        turn.push(key, value);
    }

    @Override
    public void increment(Key key, long by) {
        turn.increment(key, by);
    }

    @Override
    public void include(Key key, Object element) {
        turn.include(key, element);
    }

    @Override
    public void exclude(Key key, Object element) {
        turn.exclude(key, element);
    }

    @Override
    public void patch(Key key, Object fields) {
        turn.patch(key, fields);
    }

    @Override
    public void remove(Key key) {
        turn.remove(key);
    }

    @Override
    public void expireAfter(Duration duration) {
        turn.expireAfter(duration);
    }

    @Override
    public void expireNever() {
        turn.expireNever();
    }

    @Override
    public void emit(String service, Message emitted) {
        turn.emit(service, emitted);
    }

    /** With a rule of who hears it, in the channels that this says. */
    @Override
    public void event(String name, @Nullable Object data) {
        if (heardBy == null) {
            turn.event(name, data);
        } else {
            turn.event(name, data, heardBy.channels(name, told(data)));
        }
    }

    private Map<String, @Nullable Object> told(@Nullable Object data) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        if (turn.convert(data) instanceof Map<?, ?> object) {
            object.forEach((field, value) -> told.put(String.valueOf(field), value));
        }
        return told;
    }

    @Override
    public void event(String name, @Nullable Object data, Collection<String> channels) {
        turn.event(name, data, channels);
    }

    @Override
    public void reply(@Nullable Object value) {
        turn.reply(value);
    }

    @Override
    public boolean isCancelled() {
        return turn.isCancelled();
    }

    @Override
    public Object pass() {
        return turn.pass();
    }
}
