package io.tuli.store;

import io.tuli.Codec;
import io.tuli.Page;
import io.tuli.Payload.Format;
import io.tuli.Query;
import io.tuli.TuliException;
import io.tuli.log.Stored;
import io.tuli.type.TypeOf;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one replica as records: those that are JSON objects, with their key as {@code
 * id}. A walk is weakly consistent, as those of {@link StateMap} are. Thread-safe.
 */
public final class StateRecords {

    /** Under this name a record says its key, whatever the document has there. */
    public static final String ID = "id";

    private static final byte OBJECT = '{';

    private final Codec codec;
    private final Supplier<? extends StateSource> now;

    /** The supplier must be thread-safe. */
    public StateRecords(Codec codec, Supplier<? extends StateSource> now) {
        this.codec = codec;
        this.now = now;
    }

    /**
     * The page of records that a query asks for.
     *
     * @throws io.tuli.Refusal 400 where it asks for more than its bounds allow
     * @throws TuliException BAD_REQUEST when a record is no such type
     */
    public <R> Page<R> find(Query query, Class<R> type) {
        return find(query, TypeOf.of(type));
    }

    /** The same as a type with parameters. */
    public <R> Page<R> find(Query query, TypeOf<R> type) {
        Page<Map<String, @Nullable Object>> page = query.page(this::keys, this::record);
        List<R> typed = new ArrayList<>(page.data().size());
        for (Map<String, @Nullable Object> record : page.data()) {
            boolean isPlain = type.type() == Map.class;
            Object value = isPlain ? record : codec.decode(codec.encode(record), type);
            @SuppressWarnings("unchecked") // Reading made it one.
            R read = (R) Objects.requireNonNull(value, "a record is not null");
            typed.add(read);
        }
        return new Page<>(page.total(), page.limit(), page.skip(), typed);
    }

    /** The record of that key; null where there is none, or what is there is no object. */
    private @Nullable Map<String, @Nullable Object> record(String key) {
        StateSource source = now.get();
        Stored stored = source.overdue().shown(source.state(source.partitionOf(key)).get(key));
        if (stored == null
                || stored.document().format() != Format.JSON
                || stored.document().bytes()[0] != OBJECT) {
            return null;
        }
        Map<?, ?> document = codec.decode(stored.document(), Map.class);
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put(ID, key);
        if (document != null) {
            document.forEach(
                    (name, value) -> {
                        if (!name.equals(ID)) {
                            record.put((String) name, value);
                        }
                    });
        }
        return record;
    }

    /** Those of one partition at a time. */
    private Iterator<String> keys() {
        StateSource source = now.get();
        return new Iterator<>() {
            private Iterator<String> here = List.<String>of().iterator();
            private int next;

            @Override
            public boolean hasNext() {
                while (!here.hasNext() && next < source.partitions()) {
                    List<String> keys = new ArrayList<>();
                    source.state(next++).forEach((key, stored) -> keys.add(key));
                    here = keys.iterator();
                }
                return here.hasNext();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the walk over the records has ended");
                }
                return here.next();
            }
        };
    }
}
