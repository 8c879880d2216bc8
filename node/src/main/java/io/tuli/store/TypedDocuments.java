package io.tuli.store;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.log.Documents;
import io.tuli.log.Stored;
import io.tuli.protocol.Thrown;
import io.tuli.type.TypeOf;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the documents of one service as objects, and says which one cannot be. Thread-safe.
 *
 * <p>Bound: that a document was told of is remembered of {@value #TOLD_MAX} documents.
 *
 * @param <T> the type they are read as unless another is asked for
 */
public final class TypedDocuments<T> {

    private static final Logger LOG = LoggerFactory.getLogger(TypedDocuments.class);
    private static final int TOLD_MAX = 1_000;

    private final String service;
    private final TypeOf<T> type;
    private final Codec codec;
    private final Documents documents;

    /** Of documents that could not be read, the offset at which they were written. */
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    /** Of a type without parameters. */
    public TypedDocuments(String service, Class<T> type, Codec codec, Documents documents) {
        this(service, TypeOf.of(type), codec, documents);
    }

    public TypedDocuments(String service, TypeOf<T> type, Codec codec, Documents documents) {
        this.service = service;
        this.type = type;
        this.codec = codec;
        this.documents = documents;
    }

    /**
     * The whole document.
     *
     * @throws TuliException BAD_REQUEST when it is no such type; it names service, key and type
     */
    @Nullable T read(String topLevelKey, Stored stored) {
        try {
            return codec.decode(stored.document(), type);
        } catch (Throwable unreadable) {
            throw unreadable(Key.of(topLevelKey), type.type(), unreadable);
        }
    }

    /**
     * The value at a key inside the document in which it lies.
     *
     * @throws TuliException BAD_REQUEST when it is no such type; it names service, key and type
     */
    public <V> @Nullable V read(Key key, Stored stored, Class<V> as) {
        try {
            return codec.decode(documents.read(stored.document(), key), as);
        } catch (Throwable unreadable) {
            throw unreadable(key, as, unreadable);
        }
    }

    /** The same as a type with parameters. */
    public <V> @Nullable V read(Key key, Stored stored, TypeOf<V> as) {
        try {
            return codec.decode(documents.read(stored.document(), key), as);
        } catch (Throwable unreadable) {
            throw unreadable(key, as.type(), unreadable);
        }
    }

    private TuliException unreadable(Key key, Type as, Throwable thrown) {
        String reason =
                thrown instanceof TuliException told
                        ? String.valueOf(told.getMessage())
                        : Thrown.text(thrown);
        return new TuliException(
                Failure.BAD_REQUEST,
                Excerpt.detail(
                        "what is stored at a key must be readable as the type asked for: service="
                                + service
                                + " key="
                                + Excerpt.of(key)
                                + " type="
                                + as.getTypeName()
                                + "; get(key, Object.class) reads anything: "
                                + reason));
    }

    /** A walk has left the document out: says so once for what is written there. */
    void leftOut(String topLevelKey, Stored stored, TuliException why) {
        Long before = told.get(topLevelKey);
        if (before != null && before == stored.offset()) {
            return;
        }
        if (told.size() >= TOLD_MAX) {
            told.clear();
        }
        told.put(topLevelKey, stored.offset());
        LOG.warn("A walk over the state left a document out: {}", why.getMessage());
    }
}
