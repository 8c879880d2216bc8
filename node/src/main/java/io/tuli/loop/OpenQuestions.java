package io.tuli.loop;

import io.tuli.MemberId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many requests for reports to this member are open, of each member and in all: who asks more
 * at once is told so, and nobody else notices. Thread-safe.
 */
final class OpenQuestions {

    /** Of one client. */
    static final int OF_A_CLIENT_MOST = 64;

    /** Of one server, which also asks for others. */
    static final int OF_A_SERVER_MOST = 512;

    /** Of all clients together. */
    static final int OF_CLIENTS_MOST = 1_024;

    private final Map<MemberId, Integer> servers = new HashMap<>();
    private final Map<MemberId, Integer> clients = new HashMap<>();
    private int ofClients;

    /** Counts one; where it is one too many it is not counted, and the rule is answered. */
    synchronized @Nullable String open(MemberId from, boolean isServer) {
        Map<MemberId, Integer> open = isServer ? servers : clients;
        int of = open.getOrDefault(from, 0);
        int most = isServer ? OF_A_SERVER_MOST : OF_A_CLIENT_MOST;
        if (of >= most) {
            return "a member has so many requests for reports open at most here: reports=" + most;
        }
        if (!isServer && ofClients >= OF_CLIENTS_MOST) {
            return "clients have so many requests for reports open at most here: reports="
                    + OF_CLIENTS_MOST;
        }
        open.put(from, of + 1);
        ofClients += isServer ? 0 : 1;
        return null;
    }

    /** One that was counted has been answered. */
    synchronized void answered(MemberId from) {
        ofClients -= clients.containsKey(from) ? 1 : 0;
        Map<MemberId, Integer> open = clients.containsKey(from) ? clients : servers;
        open.computeIfPresent(from, (member, of) -> of == 1 ? null : of - 1);
    }
}
