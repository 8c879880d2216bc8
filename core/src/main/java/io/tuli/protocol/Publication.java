package io.tuli.protocol;

import io.tuli.Payload;

/**
 * What was published: the same object for all members it goes to. Immutable.
 *
 * @param service its number
 */
public record Publication(int service, String subject, Payload body) {}
