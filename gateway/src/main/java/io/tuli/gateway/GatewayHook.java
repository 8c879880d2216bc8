package io.tuli.gateway;

/**
 * Runs at the gateway before a call is sent, on a virtual thread: whatever it throws is what the
 * call fails with, a {@code Refusal} as it is.
 */
@FunctionalInterface
public interface GatewayHook {

    /** Throws to refuse. */
    void before(GatewayCall call) throws Exception;
}
