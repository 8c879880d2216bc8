package io.tuli;

import io.tuli.error.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The six methods of a resource on the documents of its service. Thread-safe. */
final class DocumentMethods<T> {

    private static final String ID = "id";

    private final Class<T> type;

    /** Whether documents have their id inside; null before the first is seen. */
    private volatile @Nullable Boolean keepsId;

    DocumentMethods(Class<T> type) {
        this.type = type;
        boolean isOpen = type == Object.class || type == Map.class;
        this.keepsId = isOpen ? false : null;
    }

    /** A method on one document, which runs no code but ours and looks at no other document. */
    record Own<T>(Resource.Method<T> body) implements Resource.Method<T> {

        @Override
        public @Nullable Object call(Message message, ResourceContext<T> context) throws Exception {
            return body.call(message, context);
        }
    }

    /**
     * Find, in pages or as the bare list.
     *
     * @param most 0 for the list
     */
    record Finding<T>(int usual, int most) implements Resource.Method<T> {

        @Override
        public Object call(Message message, ResourceContext<T> context) {
            if (context.id().isPresent()) {
                throw Refusal.badRequest("find takes no id, get does: id=" + told(message));
            }
            return most == 0
                    ? context.find(context.query().paged(usual, usual), Map.class).data()
                    : context.find(context.query().paged(usual, most), Map.class);
        }
    }

    /** Those of one document, in order. */
    Map<String, Resource.Method<T>> methods() {
        Map<String, Resource.Method<T>> methods = new LinkedHashMap<>();
        methods.put(Resource.GET, new Own<>(this::get));
        methods.put(Resource.CREATE, new Own<>(this::create));
        methods.put(Resource.UPDATE, new Own<>(this::update));
        methods.put(Resource.PATCH, new Own<>(this::patch));
        methods.put(Resource.REMOVE, new Own<>(this::remove));
        return methods;
    }

    private Object get(Message message, ResourceContext<T> context) {
        return context.query().selected(existing(message, context));
    }

    private Object create(Message message, ResourceContext<T> context) {
        Map<String, @Nullable Object> data = data(message, context);
        String id = id(message, context);
        Object given = data.remove(ID);
        if (given != null && !given.equals("") && !String.valueOf(given).equals(id)) {
            throw Refusal.badRequest(
                    "a record has one id: the message's key is "
                            + told(message)
                            + ", the data say "
                            + Excerpt.of(given));
        }
        if (context.value(message.key(), Payload.class) != null) {
            throw Refusal.conflict("There is a record with id '" + told(message) + "'");
        }
        context.update(message.key(), document(id, data, context));
        return context.query().selected(record(id, data));
    }

    private Object update(Message message, ResourceContext<T> context) {
        Map<String, @Nullable Object> data = data(message, context);
        existing(message, context);
        String id = id(message, context);
        data.remove(ID);
        context.update(message.key(), document(id, data, context));
        return context.query().selected(record(id, data));
    }

    private Object patch(Message message, ResourceContext<T> context) {
        Map<String, @Nullable Object> data = data(message, context);
        Map<String, @Nullable Object> record = existing(message, context);
        data.remove(ID);
        if (!data.isEmpty()) {
            context.patch(message.key(), data);
        }
        record.putAll(data);
        return context.query().selected(record);
    }

    private Object remove(Message message, ResourceContext<T> context) {
        Map<String, @Nullable Object> record = existing(message, context);
        context.remove(message.key());
        return context.query().selected(record);
    }

    // ---- records -------------------------------------------------------------------------------

    private static String id(Message message, ResourceContext<?> context) {
        return context.id()
                .orElseThrow(
                        () ->
                                Refusal.badRequest(
                                        message.verb()
                                                + " is for one record: give its id as the message's"
                                                + " key, Key.of(id)"));
    }

    /** The record that there is, if the query matches it. */
    private static Map<String, @Nullable Object> existing(
            Message message, ResourceContext<?> context) {
        String id = id(message, context);
        Object document = context.value(message.key(), Object.class);
        if (document instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> record = record(id, object);
            if (context.query().matches(record)) {
                return record;
            }
        }
        throw Refusal.notFound("No record found for id '" + told(message) + "'");
    }

    private static Map<String, @Nullable Object> record(String id, Map<?, ?> document) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put(ID, id);
        document.forEach((name, value) -> record.putIfAbsent(String.valueOf(name), value));
        return record;
    }

    private Map<String, @Nullable Object> document(
            String id, Map<String, @Nullable Object> data, ResourceContext<T> context) {
        Boolean keeps = keepsId;
        if (keeps == null) {
            keeps = hasPlaceForId(record(id, data), context);
            keepsId = keeps;
        }
        return keeps ? record(id, data) : data;
    }

    /** Whether the id is still there when the record was read as the type. */
    private boolean hasPlaceForId(
            Map<String, @Nullable Object> record, ResourceContext<T> context) {
        Map<?, ?> read = context.convert(context.convert(record, type), Map.class);
        return read != null && read.containsKey(ID);
    }

    /** A copy of what came as the body; of no body none. */
    private static Map<String, @Nullable Object> data(Message message, ResourceContext<?> context) {
        Object body = message.body();
        Object value = body instanceof Payload ? message.body(Object.class) : context.convert(body);
        if (value instanceof List<?>) {
            throw Refusal.methodNotAllowed(
                    message.verb() + " takes one record: send several one by one");
        }
        if (value != null && !(value instanceof Map<?, ?>)) {
            throw Refusal.badRequest("a record is a JSON object: " + Excerpt.of(value));
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, each) -> data.put(String.valueOf(name), each));
        }
        return data;
    }

    private static String told(Message message) {
        return Excerpt.of(message.key().top());
    }
}
