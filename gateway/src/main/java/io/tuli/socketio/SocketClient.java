package io.tuli.socketio;

import io.tuli.engine.EngineSession;
import io.tuli.engine.Packet;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of Socket.IO 5 on a session of Engine.IO: the namespaces it is connected to, the events
 * it sends, and how many of them are not answered yet. A state machine without a network; used by
 * its session's thread.
 *
 * <p>What is no packet, or cannot be in this state - a second connect, an event without one, a
 * reserved event's name, binary - ends the session, as the original does.
 */
public final class SocketClient implements EngineSession.Listener {

    /** What clients ask for. Never blocks: it answers later, through the client. */
    public interface Server {

        /**
         * A client wants into a namespace: {@link SocketClient#accept} or {@link
         * SocketClient#refuse} it, now or later.
         *
         * @param payload what it sent along; null for nothing
         */
        void connecting(SocketClient client, String namespace, @Nullable Object payload);

        /**
         * An event with a name, which is the first of the arguments.
         *
         * @param answer to be told once, where something is to be answered
         */
        void event(
                SocketClient client,
                String namespace,
                List<@Nullable Object> arguments,
                Answer answer);

        /** More events than may be are without an answer: say so, and do nothing. */
        void tooMany(SocketClient client, String namespace, Answer answer);

        /** It left a namespace it had been accepted to. */
        void left(SocketClient client, String namespace);

        /** Its session is over; it has left all namespaces before. */
        void closed(SocketClient client);
    }

    /** Where the answer to an event goes. To be called on the client's thread, once. */
    @FunctionalInterface
    public interface Answer {

        /**
         * Answers.
         *
         * @param json a list: the arguments of the acknowledgement
         */
        void send(byte[] json);
    }

    private static final Set<String> RESERVED =
            Set.of(
                    "connect",
                    "connect_error",
                    "disconnect",
                    "disconnecting",
                    "newListener",
                    "removeListener");

    private static final int NAMESPACES_MAX = 16;
    private static final int PARKED_MAX = 64;

    private final Server server;
    private final int openMax;
    private final long connectEndNanos;
    private final Map<String, Boolean> namespaces = new HashMap<>(2);
    private @Nullable List<SocketPacket> parked;
    private @Nullable EngineSession session;
    private boolean wasConnected;
    private int open;
    private int openBytes;

    /**
     * A client that is not connected yet.
     *
     * @param openMax so many of its events may be without an answer
     * @param connectEndNanos by when it is connected to a namespace, or ends
     */
    public SocketClient(Server server, int openMax, long connectEndNanos) {
        this.server = server;
        this.openMax = openMax;
        this.connectEndNanos = connectEndNanos;
    }

    /** The session it is on: to be said before anything else. */
    public void on(EngineSession own) {
        session = own;
    }

    public EngineSession session() {
        EngineSession own = session;
        if (own == null) {
            throw new IllegalStateException("a client is on a session before it does anything");
        }
        return own;
    }

    // ---- what it sends -------------------------------------------------------------------------

    @Override
    public void message(String text) {
        SocketPacket packet = SocketPacket.of(text);
        Boolean accepted = namespaces.get(packet.namespace());
        if (packet.type() == SocketPacket.Type.CONNECT) {
            connect(packet, accepted != null);
        } else if (accepted == null) {
            throw new IllegalArgumentException("not connected to " + packet.namespace());
        } else if (!accepted) {
            park(packet);
        } else {
            received(packet);
        }
    }

    private void connect(SocketPacket packet, boolean isAgain) {
        Require.argument(!isAgain, "a namespace is connected to once", packet.namespace());
        Require.argument(
                namespaces.size() < NAMESPACES_MAX,
                "a client is connected to at most 16 namespaces",
                namespaces.size());
        Object payload = packet.json().isEmpty() ? null : SocketJson.value(packet.json());
        namespaces.put(packet.namespace(), false);
        server.connecting(this, packet.namespace(), payload);
    }

    /** It goes on before it is accepted: its packets wait for that. */
    private void park(SocketPacket packet) {
        List<SocketPacket> waiting = parked;
        if (waiting == null) {
            waiting = new ArrayList<>(2);
            parked = waiting;
        }
        Require.argument(
                waiting.size() < PARKED_MAX, "who is not accepted yet waits", waiting.size());
        waiting.add(packet);
    }

    private void received(SocketPacket packet) {
        if (packet.type() == SocketPacket.Type.DISCONNECT) {
            leave(packet.namespace());
            return;
        }
        List<@Nullable Object> arguments = SocketJson.list(packet.json());
        Require.argument(
                !arguments.isEmpty()
                        && arguments.getFirst() instanceof String name
                        && !RESERVED.contains(name),
                "an event has a name of its own",
                packet.json());
        Answered answer = new Answered(packet);
        if (open > openMax) {
            server.tooMany(this, packet.namespace(), answer);
        } else {
            server.event(this, packet.namespace(), arguments, answer);
        }
    }

    private void leave(String namespace) {
        if (Boolean.TRUE.equals(namespaces.remove(namespace))) {
            server.left(this, namespace);
        }
    }

    @Override
    public void closed() {
        for (String namespace : List.copyOf(namespaces.keySet())) {
            leave(namespace);
        }
        parked = null;
        server.closed(this);
    }

    // ---- what it is told -----------------------------------------------------------------------

    /**
     * It is connected to a namespace it wanted into.
     *
     * @param id what others may know it by; not the session's, which is all it takes to be it
     */
    public void accept(String namespace, String id) {
        if (session().isClosed() || namespaces.replace(namespace, true) == null) {
            return;
        }
        wasConnected = true;
        String text = SocketPacket.head(0, namespace) + "{\"sid\":\"" + id + "\"}";
        session().send(Packet.message(text));
        takeUp();
    }

    private void takeUp() {
        List<SocketPacket> waiting = parked;
        parked = null;
        if (waiting == null) {
            return;
        }
        for (SocketPacket packet : waiting) {
            Boolean accepted = namespaces.get(packet.namespace());
            if (session().isClosed() || accepted == null) {
                continue;
            }
            if (!accepted) {
                park(packet);
                continue;
            }
            try {
                received(packet);
            } catch (IllegalArgumentException malformed) {
                session().close();
            }
        }
    }

    /**
     * It is not let into a namespace.
     *
     * @param error a JSON object with a {@code message}
     */
    public void refuse(String namespace, byte[] error) {
        if (!session().isClosed() && namespaces.remove(namespace) != null) {
            session().send(Packet.message(SocketPacket.head(4, namespace), error));
        }
    }

    /** Sends an event to a namespace, unless it is not there. */
    public void send(String namespace, Packet event) {
        if (Boolean.TRUE.equals(namespaces.get(namespace))) {
            session().send(event);
        }
    }

    /** An event as a packet: encoded once, for all who hear it. */
    public static Packet event(String namespace, String name, byte[] json) {
        byte[] quoted = SocketJson.bytes(name);
        byte[] list = new byte[quoted.length + json.length + 3];
        list[0] = '[';
        System.arraycopy(quoted, 0, list, 1, quoted.length);
        list[quoted.length + 1] = ',';
        System.arraycopy(json, 0, list, quoted.length + 2, json.length);
        list[list.length - 1] = ']';
        return Packet.message(SocketPacket.head(2, namespace), list);
    }

    /** Ends it: its namespaces are left, and it is told so, so that it does not come back. */
    public void disconnect() {
        for (String namespace : List.copyOf(namespaces.keySet())) {
            session().send(Packet.message(SocketPacket.head(1, namespace)));
        }
        session().close();
    }

    /** How much of what it has sent is not answered yet. */
    public int openBytes() {
        return openBytes;
    }

    /** Ends it where it has not been accepted to any namespace in time. */
    public void tick(long nowNanos) {
        if (!wasConnected && nowNanos - connectEndNanos >= 0) {
            session().close();
        }
    }

    /** An acknowledgement that is due; or only its end, where none was asked for. */
    private final class Answered implements Answer {

        private final SocketPacket packet;
        private boolean isDone;

        Answered(SocketPacket packet) {
            this.packet = packet;
            open++;
            openBytes += packet.json().length();
        }

        @Override
        public void send(byte[] json) {
            if (isDone) {
                return;
            }
            isDone = true;
            open--;
            openBytes -= packet.json().length();
            boolean isHeard = Boolean.TRUE.equals(namespaces.get(packet.namespace()));
            if (isHeard && !packet.acknowledgement().isEmpty()) {
                String head = SocketPacket.head(3, packet.namespace());
                session().send(Packet.message(head + packet.acknowledgement(), json));
            }
        }
    }
}
