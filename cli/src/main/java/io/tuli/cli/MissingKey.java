package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A key that was not found, and what was probably meant: a field of the same document, or another
 * document. Looking for it fetches the document, or the state when it is not large.
 */
record MissingKey(Invocation tuli, Session session, String service, String key) {

    /** Services with more documents are not fetched only to guess. */
    private static final long KEYS_MAX = 20_000;

    TuliException failure() {
        Key path = Key.parse(key);
        Payload document =
                session.await(session.sender(service).read(top(path), Payload.class).reply());
        return new TuliException(
                Failure.NOT_FOUND,
                "no key "
                        + key
                        + " in service "
                        + service
                        + (document == null
                                ? nearestDocument(path)
                                : nearestField(path, document)));
    }

    private static String top(Key path) {
        return Key.of(path.top()).toString();
    }

    private String nearestDocument(Key path) {
        long keys =
                session.reports(service).stream().mapToLong(ServiceReport::keys).max().orElse(0);
        if (keys > KEYS_MAX) {
            return "";
        }
        // A session that has used a service without a replica gets none later.
        try (Session other = Session.open(tuli)) {
            return Nearest.question(path.top(), other.replica(service).state().keySet());
        }
    }

    /** Goes down the document as far as the path does. */
    private static String nearestField(Key path, Payload document) {
        Object value = new JsonCodec(Limits.defaults()).decode(document, Object.class);
        String reached = top(path);
        for (String segment : path.below()) {
            Collection<String> known = fields(value);
            if (!known.contains(segment)) {
                return Nearest.question(segment, known)
                        .replaceFirst("mean ", "mean " + Matcher.quoteReplacement(reached) + ".");
            }
            reached = Key.parse(reached).child(segment).toString();
            value = inside(value, segment);
        }
        return "";
    }

    private static @Nullable Object inside(@Nullable Object value, String segment) {
        if (value instanceof Map<?, ?> map) {
            return map.get(segment);
        }
        return value instanceof List<?> list ? list.get(Integer.parseInt(segment)) : null;
    }

    private static Collection<String> fields(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream().map(Object::toString).toList();
        }
        return value instanceof List<?> list
                ? IntStream.range(0, list.size()).mapToObj(Integer::toString).toList()
                : List.of();
    }
}
