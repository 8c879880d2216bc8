package io.tuli.invoke;

import io.tuli.Payload;

/**
 * A caller that has proved who it is.
 *
 * @param caller who it is
 * @param token that proves it again
 * @param expiresAtMillis since 1970, when the token ends
 * @param believedUntilMillis since 1970, by when the token must be looked at again: it may have
 *     been revoked
 * @param result what whoever logged in is answered, as JSON
 */
public record Login(
        Caller caller,
        String token,
        long expiresAtMillis,
        long believedUntilMillis,
        Payload result) {}
