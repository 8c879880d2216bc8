package io.tuli.socketio;

import io.tuli.engine.EngineLimits;
import io.tuli.engine.EngineSession;
import io.tuli.engine.Packet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client on a WebSocket without a network, and a server that says what it was asked. */
final class TestClient implements EngineSession.Socket, SocketClient.Server {

    static final int OPEN_MAX = 3;

    final List<String> sent = new ArrayList<>();
    final List<String> seen = new ArrayList<>();
    final List<SocketClient.Answer> answers = new ArrayList<>();
    boolean acceptsAtOnce = true;

    final SocketClient client = new SocketClient(this, OPEN_MAX, 45);
    final EngineSession session = new EngineSession("secret", EngineLimits.STANDARD, client, 0);

    TestClient() {
        client.on(session);
        session.open(this);
        sent.clear();
    }

    void receives(String... texts) {
        for (String text : texts) {
            session.received(this, text);
        }
    }

    @Override
    public void connecting(SocketClient of, String namespace, @Nullable Object payload) {
        seen.add("connecting " + namespace + " " + payload);
        if (namespace.equals("/none")) {
            byte[] error = "{\"message\":\"Invalid namespace\"}".getBytes(StandardCharsets.UTF_8);
            of.refuse(namespace, error);
        } else if (acceptsAtOnce) {
            of.accept(namespace, "public");
        }
    }

    @Override
    public void event(
            SocketClient of,
            String namespace,
            List<@Nullable Object> arguments,
            SocketClient.Answer answer) {
        seen.add("event " + namespace + " " + arguments);
        answers.add(answer);
    }

    @Override
    public void tooMany(SocketClient of, String namespace, SocketClient.Answer answer) {
        answer.send(SocketJson.bytes(List.of("too many")));
    }

    @Override
    public void left(SocketClient of, String namespace) {
        seen.add("left " + namespace);
    }

    @Override
    public void closed(SocketClient of) {
        seen.add("closed");
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void send(Packet packet) {
        sent.add(packet.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        sent.add("closed");
    }
}
