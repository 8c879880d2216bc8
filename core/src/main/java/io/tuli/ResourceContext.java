package io.tuli;

import java.util.Optional;

/**
 * A turn of a resource's method: a {@link Turn} that knows what is asked for. Used as a turn is.
 *
 * @param <T> what the documents are read as
 */
public interface ResourceContext<T> extends Turn<T> {

    /** The resource's name: its service's. */
    String resource();

    /** The method that is called. */
    String method();

    /**
     * The record's id, the message's key as it is; empty for find, and for methods of your own that
     * are called without a key.
     */
    Optional<String> id();

    /**
     * What the caller asks for besides: the message's header {@code query}, a JSON object; without
     * one, of find, get and remove the body.
     *
     * @throws Refusal 400 where it breaks a rule
     */
    Query query();
}
