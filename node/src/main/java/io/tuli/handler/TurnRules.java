package io.tuli.handler;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Page;
import io.tuli.Query;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.document.DocumentVerbs;
import io.tuli.log.Documents;
import io.tuli.store.StateRecords;
import io.tuli.type.TypeOf;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What holds for every turn of one service. Thread-safe. */
record TurnRules<T>(
        ServiceConfig<T> service,
        JsonCodec codec,
        Documents documents,
        DocumentVerbs verbs,
        Limits limits,
        AtomicReference<@Nullable StateRecords> replica) {

    TurnRules(ServiceConfig<T> service, JsonCodec codec, Documents documents, Limits limits) {
        this(
                service,
                codec,
                documents,
                new DocumentVerbs(documents, limits),
                limits,
                new AtomicReference<>());
    }

    /** What a query finds in this member's replica. */
    <R> Page<R> find(Query query, TypeOf<R> type) {
        StateRecords records = replica.get();
        if (records == null) {
            throw new IllegalStateException("a turn finds records in a replica: there is none");
        }
        return records.find(query, type);
    }

    /** Requires a key of some value. */
    void requireKey(Key key) {
        if (key.isNone()) {
            throw refused("a turn needs a key to read or edit: the key is empty");
        }
        if (key.sizeBytes() > limits.keyBytes()) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a key must not be over key.bytes: bytes="
                            + key.sizeBytes()
                            + " key.bytes="
                            + limits.keyBytes());
        }
    }

    /** Requires that a whole document is not put inside another one, which has no place for it. */
    void requirePlace(Key key, @Nullable Object value) {
        codec.requirePlace(service.name(), service.type(), key, value);
    }

    /** Requires that the partitioner places both top-level keys together. */
    void requireTogether(Key message, Key other) {
        String place = service.partitioner().placeOf(message.top());
        if (!other.top().equals(message.top())
                && !service.partitioner().placeOf(other.top()).equals(place)) {
            throw refused(
                    "a turn reaches only keys placed with its message's: message key="
                            + message
                            + " other key="
                            + other
                            + " service="
                            + service.name()
                            + "; emit a message to the other key, or declare a partitioner");
        }
    }

    static TuliException refused(String message) {
        return new TuliException(Failure.BAD_REQUEST, message);
    }
}
