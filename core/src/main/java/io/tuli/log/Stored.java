package io.tuli.log;

import io.tuli.Payload;

/**
 * A document as a replica holds it.
 *
 * @param document its bytes
 * @param offset of the entry that last changed it
 * @param time hybrid logical clock of that entry
 */
public record Stored(Payload document, long offset, long time) {}
