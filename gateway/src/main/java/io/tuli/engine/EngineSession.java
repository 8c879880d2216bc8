package io.tuli.engine;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One session of Engine.IO 4 (github.com/socketio/engine.io-protocol): packets both ways, over
 * polls at first and, after an upgrade, over a WebSocket, or over that from the beginning.
 *
 * <p>It is a state machine without a network: what a client does is told by calls, what is done to
 * a client goes through {@link Poll} and {@link Socket}. Time passes by {@link #tick} alone, so its
 * deadlines are as exact as ticks are frequent. Used by one thread.
 *
 * <pre>
 * polling --probe--> probing --5--> on a WebSocket
 *    |                  |                 |
 *    +------------------+-----------------+--> closed: by either side, an odd packet, a poll too
 *                                              many, a lost connection, no pong, too much unsent
 * </pre>
 */
public final class EngineSession {

    /** What a session tells of: on its thread, and after {@code closed} nothing more. */
    public interface Listener {

        /** The text of a message. An {@link IllegalArgumentException} ends the session. */
        void message(String text);

        /** The session is over, for whatever reason. */
        void closed();
    }

    /**
     * A poll that is held until there is something: answered once, unless its connection breaks.
     */
    public interface Poll {

        /** What the client is told: packets apart by U+001E. */
        void answer(byte[] body);

        void refuse(EngineRefusal refusal);
    }

    /** A WebSocket. */
    public interface Socket {

        /** Whether what is sent now is not kept for long. */
        boolean hasRoom();

        /** Sends when it is flushed. */
        void send(Packet packet);

        void flush();

        /** Closes it once what was sent is out. */
        void close();
    }

    private static final char SEPARATOR = '\u001e';

    private final String id;
    private final EngineLimits limits;
    private final Listener listener;
    private final Deque<Packet> unsent = new ArrayDeque<>(2);
    private int unsentBytes;

    private @Nullable Poll poll;
    private @Nullable Socket socket;
    private @Nullable Socket probing;
    private boolean isClosed;

    private long nowNanos;
    private long pingAtNanos;
    private boolean isPinged;
    private long probeEndNanos;

    /** A new session; {@code id} is all that a client needs to be it. */
    public EngineSession(String id, EngineLimits limits, Listener listener, long nowNanos) {
        this.id = id;
        this.limits = limits;
        this.listener = listener;
        this.nowNanos = nowNanos;
        this.pingAtNanos = nowNanos + limits.pingInterval().toNanos();
    }

    public String id() {
        return id;
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** What the first poll is answered. */
    public String handshake() {
        return limits.handshake(id, true);
    }

    // ---- what a client does --------------------------------------------------------------------

    /** The session begins on a WebSocket. */
    public void open(Socket opened) {
        socket = opened;
        send(Packet.of(limits.handshake(id, false)));
    }

    /** Polls: answered now, or once there is something. */
    public void poll(Poll asked) {
        if (isClosed) {
            asked.refuse(EngineRefusal.SESSION_UNKNOWN);
        } else if (socket != null) {
            asked.refuse(EngineRefusal.BAD_REQUEST);
        } else if (poll != null) {
            asked.refuse(EngineRefusal.BAD_REQUEST);
            close();
        } else {
            poll = asked;
            flush();
            if (probing != null) {
                answerNoop();
            }
        }
    }

    /** Posts a body: packets apart by U+001E. False where this session does not take posts. */
    public boolean post(String body) {
        if (isClosed || socket != null) {
            return false;
        }
        int from = 0;
        while (from <= body.length() && !isClosed) {
            int to = body.indexOf(SEPARATOR, from);
            to = to < 0 ? body.length() : to;
            received(body.substring(from, to));
            from = to + 1;
        }
        return true;
    }

    /** Offers a WebSocket to go on over. False where this session takes none. */
    public boolean probe(Socket offered) {
        if (isClosed || socket != null || probing != null) {
            return false;
        }
        probing = offered;
        probeEndNanos = nowNanos + limits.probeTimeout().toNanos();
        return true;
    }

    /** A text came over a WebSocket. */
    public void received(Socket over, String text) {
        if (isClosed) {
            return;
        }
        if (over.equals(socket)) {
            received(text);
        } else if (over.equals(probing)) {
            probed(over, text);
        }
    }

    private void probed(Socket over, String text) {
        switch (text) {
            case Packet.PROBE -> {
                over.send(Packet.of("3probe"));
                over.flush();
                answerNoop();
            }
            case Packet.UPGRADE -> {
                socket = over;
                probing = null;
                answerNoop();
                flush();
            }
            default -> {
                probing = null;
                over.close();
            }
        }
    }

    private void received(String packet) {
        switch (packet.isEmpty() ? ' ' : packet.charAt(0)) {
            case Packet.MESSAGE -> {
                try {
                    listener.message(packet.substring(1));
                } catch (IllegalArgumentException malformed) {
                    close();
                }
            }
            case Packet.PONG -> {
                isPinged = false;
                pingAtNanos = nowNanos + limits.pingInterval().toNanos();
            }
            case Packet.NOOP -> {}
            default -> close();
        }
    }

    /** A WebSocket is gone: the session's own ends it. */
    public void lost(Socket gone) {
        if (gone.equals(socket)) {
            socket = null;
            close();
        } else if (gone.equals(probing)) {
            probing = null;
        }
    }

    /**
     * A poll's connection broke, before it was answered or while it was: the client cannot know
     * what it has missed, so the session ends.
     */
    public void lost(Poll gone) {
        if (gone.equals(poll)) {
            poll = null;
        }
        close();
    }

    // ---- what is done to it --------------------------------------------------------------------

    /** Sends a packet, in order; where too much is unsent already, ends the session. */
    public void send(Packet packet) {
        if (isClosed) {
            return;
        }
        if (unsent.size() >= limits.unsentPackets() || unsentBytes >= limits.unsentBytes()) {
            unsent.clear();
            unsentBytes = 0;
            close();
            return;
        }
        unsent.add(packet);
        unsentBytes += packet.size();
        flush();
    }

    /** Sends what waits, as far as there is room; to be called when a WebSocket has room again. */
    public void flush() {
        if (unsent.isEmpty()) {
            return;
        }
        if (socket != null) {
            Socket over = socket;
            while (!unsent.isEmpty() && over.hasRoom()) {
                over.send(next());
            }
            over.flush();
        } else if (poll != null) {
            answer(joined());
        }
    }

    private Packet next() {
        Packet packet = unsent.remove();
        unsentBytes -= packet.size();
        return packet;
    }

    /** As many packets as the client takes in one body, at least one. */
    private byte[] joined() {
        byte[] first = next().bytes();
        if (unsent.isEmpty()) {
            return first;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(first.length + unsentBytes);
        body.writeBytes(first);
        while (!unsent.isEmpty() && body.size() + unsent.element().size() < limits.payloadMax()) {
            body.write(SEPARATOR);
            body.writeBytes(next().bytes());
        }
        return body.toByteArray();
    }

    private void answerNoop() {
        if (poll != null) {
            answer(new byte[] {Packet.NOOP});
        }
    }

    private void answer(byte[] body) {
        Poll held = poll;
        poll = null;
        if (held != null) {
            held.answer(body);
        }
    }

    /** Time has passed: pings, and ends what took too long. */
    public void tick(long now) {
        if (isClosed) {
            return;
        }
        nowNanos = now;
        if (probing != null && now - probeEndNanos >= 0) {
            Socket late = probing;
            probing = null;
            late.close();
        }
        if (now - pingAtNanos >= 0) {
            if (isPinged) {
                close();
            } else {
                isPinged = true;
                pingAtNanos = now + limits.pingTimeout().toNanos();
                send(Packet.of("2"));
            }
        }
    }

    /** Ends it; the client is told, and what was sent before goes first where it can. */
    public void close() {
        if (isClosed) {
            return;
        }
        flush();
        isClosed = true;
        if (poll != null) {
            answer(new byte[] {Packet.CLOSE});
        }
        if (socket != null) {
            socket.close();
        }
        if (probing != null) {
            probing.close();
        }
        unsent.clear();
        listener.closed();
    }
}
