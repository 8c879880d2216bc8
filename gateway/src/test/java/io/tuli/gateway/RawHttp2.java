package io.tuli.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** HTTP/2 as bytes, so that it can send what no client would. One thread. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int CALM = 11;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final SSLSocket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    /** A frame that has come. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        int number(int at) {
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | (payload[at + 3] & 0xff);
        }
    }

    /**
     * Says hello.
     *
     * @param settings pairs of number and value
     */
    RawHttp2(SSLSocket socket, int... settings) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        this.in = new DataInputStream(socket.getInputStream());
        unsent.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < settings.length; i += 2) {
            payload.write(settings[i] >>> 8);
            payload.write(settings[i]);
            payload.writeBytes(number(settings[i + 1]));
        }
        add(SETTINGS, 0, 0, payload.toByteArray());
        flush();
    }

    static byte[] number(int value) {
        return new byte[] {
            (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
        };
    }

    /** A frame that goes out with the others. */
    void add(int type, int flags, int stream, byte[] payload) {
        unsent.write(payload.length >>> 16);
        unsent.write(payload.length >>> 8);
        unsent.write(payload.length);
        unsent.write(type);
        unsent.write(flags);
        unsent.writeBytes(number(stream));
        unsent.writeBytes(payload);
    }

    /** Sends them; what the other side has closed meanwhile shows when it is read. */
    void flush() {
        try {
            socket.getOutputStream().write(unsent.toByteArray());
        } catch (IOException closed) {
            // it is read
        }
        unsent.reset();
    }

    void send(int type, int flags, int stream, byte[] payload) {
        add(type, flags, stream, payload);
        flush();
    }

    void get(int stream, String path) {
        add(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", path));
    }

    /** Headers of a request, each as it is written. */
    static byte[] head(String method, String path, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", method);
        literal(block, ":scheme", "https");
        literal(block, ":path", path);
        literal(block, ":authority", "localhost");
        for (int i = 0; i < more.length; i += 2) {
            literal(block, more[i], more[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write((rest & 127) | 128);
                rest >>>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The next frame; null where it has ended. */
    @Nullable Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException | SSLException ended) {
            return null;
        }
    }

    /** The next frame of this type; null where it has ended before. */
    @Nullable Frame readUntil(int type) throws IOException {
        Frame frame = read();
        while (frame != null && frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** With which code it was told to go; -1 where it was closed without a word. */
    int sentAway() throws IOException {
        int code = -1;
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == GO_AWAY && code <= 0) {
                code = frame.number(4);
            }
        }
        return code;
    }

    /** The body of the answer on a stream, which it waits for. */
    String body(int stream) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.stream() == stream && frame.type() == DATA) {
                body.writeBytes(frame.payload());
            }
            boolean isEnd =
                    (frame.type() <= HEADERS && (frame.flags() & END_STREAM) != 0)
                            || frame.type() == RESET;
            if (frame.stream() == stream && isEnd) {
                break;
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
