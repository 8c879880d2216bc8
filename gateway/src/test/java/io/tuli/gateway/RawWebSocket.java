package io.tuli.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A WebSocket as bytes, so that it can send what no client would. One thread. */
final class RawWebSocket implements AutoCloseable {

    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CONTINUATION = 0;
    static final int CLOSE = 8;
    static final int FIN = 0x80;
    static final int COMPRESSED = 0x40;

    private static final int SECONDS_MAX = 10;
    private static final int MASKED = 0x80;
    private static final String QUERY = "/socket.io/?EIO=4&transport=websocket";

    final String head;
    private final Socket socket;
    private final DataInputStream in;

    private RawWebSocket(Socket socket, DataInputStream in, String head) {
        this.socket = socket;
        this.in = in;
        this.head = head;
    }

    /** Begins a session of its own; more headers and a small window where wanted. */
    static RawWebSocket open(int port, String moreHeaders) throws IOException {
        return open(socket(port), QUERY, moreHeaders);
    }

    private static Socket socket(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** One that speaks this protocol at the root. */
    static RawWebSocket speaking(int port, String protocol, String moreHeaders) throws IOException {
        String named = "Sec-WebSocket-Protocol: " + protocol + "\r\n";
        return open(socket(port), "/", named + moreHeaders);
    }

    private static RawWebSocket open(Socket socket, String target, String moreHeaders)
            throws IOException {
        socket.setSoTimeout(SECONDS_MAX * 1_000);
        String request =
                "GET "
                        + target
                        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + moreHeaders
                        + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return new RawWebSocket(socket, in, head(in));
    }

    /** One that is connected to the main namespace. */
    static RawWebSocket connected(int port) throws IOException {
        return connected(open(port, ""));
    }

    /** The same over a connection that is there. */
    static RawWebSocket connected(Socket socket) throws IOException {
        return connected(open(socket, QUERY, ""));
    }

    private static RawWebSocket connected(RawWebSocket opened) throws IOException {
        opened.read(); // the handshake
        opened.send("40");
        opened.readUntil("40");
        return opened;
    }

    private static String head(DataInputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.readByte());
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    void send(String text) throws IOException {
        send(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame with this first byte, masked by zeros. */
    void send(int first, byte[] payload) throws IOException {
        socket.getOutputStream().write(frame(first, payload));
    }

    /** Such frames, in as few writes as may be. */
    void sendAll(List<String> texts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            all.writeBytes(frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8)));
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    private static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
        frame.write(first);
        if (payload.length < 126) {
            frame.write(MASKED | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(MASKED | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(MASKED | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The next message; {@code closed} and a code where it has ended. */
    String read() throws IOException {
        try {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte();
            length =
                    length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = in.readNBytes((int) length);
            if ((first & 0x0f) == CLOSE) {
                int code =
                        payload.length < 2 ? 0 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
                return "closed " + code;
            }
            return new String(payload, StandardCharsets.UTF_8);
        } catch (EOFException | SocketException ended) {
            return "closed";
        }
    }

    /** The next message that begins so, or the end. */
    String readUntil(String beginning) throws IOException {
        String message = read();
        while (!message.startsWith(beginning) && !message.startsWith("closed")) {
            message = read();
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
