package io.tuli.handler;

import io.tuli.Codec;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Thrown;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a service's merge function decide about documents, which it sees as values. Called by the
 * loop that merges; thread-safe.
 */
public final class Merging<T> {

    private final ServiceConfig<T> service;
    private final Codec codec;
    private final Consumer<String> failures;

    /**
     * @param failures is told, in words, when the function fails
     */
    public Merging(ServiceConfig<T> service, Codec codec, Consumer<String> failures) {
        this.service = service;
        this.codec = codec;
        this.failures = failures;
    }

    /** What the function makes of a document; null if it fails, or if there is none. */
    public @Nullable Payload merge(Key key, Payload base, Payload winner, Payload loser) {
        ServiceConfig.Merge<T> function = service.mergeFunction().orElse(null);
        if (function == null) {
            return null;
        }
        try {
            T merged = function.merge(key.top(), value(base), value(winner), value(loser));
            return merged == null ? Payload.NONE : codec.encode(merged);
        } catch (Throwable failed) {
            failures.accept(
                    "the merge function failed: key="
                            + Excerpt.of(key)
                            + " because "
                            + Thrown.text(failed));
            return null;
        }
    }

    private @Nullable T value(Payload document) {
        return codec.decode(document, service.documentType());
    }
}
