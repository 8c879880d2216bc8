package io.tuli.arrival;

import java.util.Objects;

/**
 * Who calls, as a member knows it: from a link, from the proof of who is at its other end, or
 * because it makes the message itself. Only members have such a thing. The array is not copied.
 *
 * @param claims in the form of {@code PlainValues}
 */
@SuppressWarnings("ArrayRecordComponent") // looked at once, and given on
public record ArrivedCaller(String provider, String user, byte[] claims, boolean isRemote) {

    public ArrivedCaller {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(claims, "claims");
    }
}
