package io.tuli.gateway;

import java.time.Duration;

/**
 * A call of a client that has ended. Immutable.
 *
 * @param path of the service that it was of; empty where that is not exposed
 * @param provider the transport: {@code rest}, {@code socketio}
 * @param method by its name in Feathers, or whatever the client has said
 * @param took from when it came until it was answered
 * @param status 200, or as HTTP has the refusal
 */
public record EndedCall(String path, String provider, String method, Duration took, int status) {}
