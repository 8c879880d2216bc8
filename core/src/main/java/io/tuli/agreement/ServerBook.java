package io.tuli.agreement;

import io.tuli.protocol.Servers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which servers of each service this member's loops were told of last, so that they are told of
 * those that are others. Not thread-safe.
 */
public final class ServerBook {

    private final Map<String, Servers> told = new HashMap<>();

    /** Who serves it now, if the loops are to be told; null if they know. */
    public @Nullable Servers renew(Roster roster, String service) {
        return renew(service, new Servers(roster.isComplete(), roster.servers(service)));
    }

    /** The same, where it is known who serves it. */
    public @Nullable Servers renew(String service, Servers servers) {
        return servers.equals(told.put(service, servers)) ? null : servers;
    }

    /** The loops begin anew with the service: they are to be told again. */
    public void forget(String service) {
        told.remove(service);
    }
}
