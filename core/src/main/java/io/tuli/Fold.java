package io.tuli;

import java.util.List;

/**
 * Turns a change of another service into messages to this one. Runs on every server; each message
 * is handled by the owner of its key, exactly once: the source position is stored in the same entry
 * as its effect.
 *
 * <p>A pure function of the change: it must answer the same messages everywhere and every time,
 * with keys. A message that cannot be sent, or that its handler or the service's type refuses, is
 * left out, and an event says so.
 */
@FunctionalInterface
public interface Fold {

    List<Message> messagesFor(Change change);
}
