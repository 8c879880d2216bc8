package io.tuli.arrival;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message where it has arrived: its body is still in bytes, and read when it is asked for. The
 * vocabulary makes its {@code Message} of it; only members have such a thing, for nobody else can
 * import this. It lies below the vocabulary, and so cannot name its nouns.
 */
public interface ArrivedMessage {

    /** A {@code Key}. */
    Object key();

    /** A {@code RequestId}. */
    Object id();

    /** What is left of its deadline. */
    Duration within();

    Map<String, String> headers();

    /** A {@code Caller}. */
    Object caller();

    /** Its body as it is: a {@code Payload}. */
    Object payload();

    /**
     * Its body as a {@code type}; null where there is none.
     *
     * @throws RuntimeException the codec's, where it is no such type
     */
    <T> @Nullable T body(Class<T> type);

    /** The same as a type that may have parameters. */
    @Nullable Object body(Type type);
}
