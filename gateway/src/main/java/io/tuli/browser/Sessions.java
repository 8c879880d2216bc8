package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;
import io.tuli.engine.EngineRefusal;
import io.tuli.invoke.Connection;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All sessions by their ids, and how many each address has. Thread-safe. */
final class Sessions {

    private static final int ID_BYTES = 18;
    private static final String PROVIDER = "socketio";

    private final SocketContext context;
    private final EventRelay relay;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, BrowserSession> byId = new ConcurrentHashMap<>();
    private final Set<Departing> plain = ConcurrentHashMap.newKeySet();
    private final Map<String, Count> byAddress = new ConcurrentHashMap<>();
    private volatile boolean isClosing;

    Sessions(SocketContext context, EventRelay relay) {
        this.context = context;
        this.relay = relay;
    }

    /**
     * What one address has. Immutable.
     *
     * @param opening of them that are not connected to a namespace yet
     */
    private record Count(int sessions, int opening) {

        Count plus(int moreSessions, int moreOpening) {
            return new Count(sessions + moreSessions, opening + moreOpening);
        }
    }

    @Nullable BrowserSession find(String id) {
        return byId.get(id);
    }

    int size() {
        return byId.size() + plain.size();
    }

    /** Room for one more of an address, which is taken by that; or why there is none. */
    @Nullable EngineRefusal reserve(String address) {
        if (isClosing) {
            return EngineRefusal.CLOSING;
        }
        SocketLimits limits = context.limits();
        if (size() >= limits.sessions()) {
            return EngineRefusal.TOO_MANY;
        }
        boolean[] isTaken = new boolean[1];
        byAddress.compute(
                address,
                (same, count) -> {
                    Count now = count == null ? new Count(0, 0) : count;
                    isTaken[0] =
                            now.sessions() < limits.sessionsPerAddress()
                                    && now.opening() < limits.opening();
                    return isTaken[0] ? now.plus(1, 1) : count;
                });
        return isTaken[0] ? null : EngineRefusal.TOO_MANY_OF_ADDRESS;
    }

    /** A new session, for which there is room; on its loop. */
    BrowserSession open(String address, EventExecutor loop, String authorization) {
        String id = newId();
        Connection connection = new Connection(PROVIDER, address, loop, context.limits().calls());
        BrowserSession session =
                new BrowserSession(id, connection, authorization, context, this, relay);
        byId.put(id, session);
        relay.begin(session);
        if (isClosing) {
            session.run(session.engine()::close);
        }
        return session;
    }

    /** A plain session has begun, for which there is room; on its loop. */
    void begin(Departing session) {
        count(session.connection().address(), 0, -1);
        plain.add(session);
        relay.begin(session);
        if (isClosing) {
            session.depart();
        }
    }

    /** It has ended, once. */
    void ended(Departing session) {
        plain.remove(session);
        relay.endTime(session);
        count(session.connection().address(), -1, 0);
    }

    /** One for which there was room has not begun after all. */
    void forgo(String address) {
        count(address, -1, -1);
    }

    /** An id nobody can guess. */
    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** A session has been accepted to its first namespace. */
    void connected(BrowserSession session) {
        count(session.connection().address(), 0, -1);
    }

    void closed(BrowserSession session, boolean wasConnected) {
        if (byId.remove(session.engine().id(), session)) {
            count(session.connection().address(), -1, wasConnected ? 0 : -1);
        }
    }

    private void count(String address, int moreSessions, int moreOpening) {
        byAddress.computeIfPresent(
                address,
                (same, count) -> {
                    Count now = count.plus(moreSessions, moreOpening);
                    return now.sessions() == 0 ? null : now;
                });
    }

    /** No more from now on; those that there are end, and their clients connect again. */
    void drain() {
        isClosing = true;
        byId.values().forEach(session -> session.run(session.engine()::close));
        plain.forEach(session -> session.run(session::depart));
    }
}
