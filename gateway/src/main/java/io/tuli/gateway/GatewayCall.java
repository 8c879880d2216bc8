package io.tuli.gateway;

import io.tuli.Caller;
import io.tuli.Refusal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of a client, as hooks at the gateway see it. Immutable.
 *
 * @param path of the service
 * @param method by its name in Feathers, or one of the service's own
 * @param id null for none
 * @param data JSON-like values; null for none
 * @param query empty for none; all texts where it came in an URL
 * @param identity who calls
 */
public record GatewayCall(
        String path,
        String method,
        @Nullable Object id,
        @Nullable Object data,
        Map<String, @Nullable Object> query,
        Identity identity) {

    /**
     * Who calls.
     *
     * @param refusal why what the caller showed proves nothing; empty where it showed nothing, or
     *     has proved it
     */
    public record Identity(Caller caller, Optional<Refusal> refusal) {}

    public Caller caller() {
        return identity.caller();
    }
}
