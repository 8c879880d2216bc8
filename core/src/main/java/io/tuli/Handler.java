package io.tuli;

import org.jspecify.annotations.Nullable;

/**
 * Code the owner of a key runs for a message to that key.
 *
 * <p>It answers with a value, a {@link java.util.concurrent.CompletionStage} of one, a stream of
 * them ({@link java.util.concurrent.Flow.Publisher}, {@link java.util.stream.Stream} or {@link
 * java.util.Iterator}), or {@link Turn#pass()} for the built-in verbs. A collection, or any other
 * {@link Iterable}, is one value: a JSON array.
 *
 * <p>It may block: it runs on a virtual thread, one message at a time per key, in order, while
 * other keys go on. Changes are made through the {@link Turn} and are committed together with the
 * reply; a stream starts after that. A handler that throws changes nothing: a {@link TuliException}
 * fails the call with its own failure, anything else with HANDLER_FAILED.
 */
@FunctionalInterface
public interface Handler<T> {

    @Nullable Object handle(Message message, Turn<T> turn) throws Exception;
}
