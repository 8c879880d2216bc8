package io.tuli.gateway;

import java.util.Set;

/** Headers of messages that mean something of the gateway's own. Stateless. */
final class GatewayHeaders {

    private static final Set<String> OURS =
            Set.of("id", "provider", "query", "query-texts", "authorization", "cookie");

    private GatewayHeaders() {}

    static boolean isOurs(String name) {
        return OURS.contains(name);
    }

    static Set<String> ours() {
        return OURS;
    }
}
