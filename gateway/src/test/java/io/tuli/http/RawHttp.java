package io.tuli.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that writes exactly what it is told, byte by byte. */
public final class RawHttp implements AutoCloseable {

    private static final int WAIT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public RawHttp(int port) throws IOException {
        this(dialed(port));
    }

    /** Over a connection that is there. */
    public RawHttp(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(WAIT_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    private static Socket dialed(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAIT_MILLIS);
        return socket;
    }

    /** What came back. */
    public record Answer(int status, String head, String body) {

        public String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    public RawHttp write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** A request without body, with a Host. */
    public RawHttp ask(String method, String target, String... headers) throws IOException {
        StringBuilder head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String each : headers) {
            head.append(each).append("\r\n");
        }
        return write(head + "\r\n");
    }

    /** The next answer; of one to HEAD no body. */
    public Answer answer() throws IOException {
        return answer(true);
    }

    public Answer answer(boolean hasBody) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        Answer answer = new Answer(status, text, "");
        String length = answer.header("content-length");
        byte[] body = in.readNBytes(hasBody && !length.isEmpty() ? Integer.parseInt(length) : 0);
        return new Answer(status, text, new String(body, StandardCharsets.UTF_8));
    }

    /** The next line, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed after: " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** Whether the other side ends the connection, having said no more. */
    public boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** Whether the other side ends the connection, and has not said that before. */
    public boolean endsWithoutText(String text) throws IOException {
        try {
            return !new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(text);
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** No more comes from here. */
    public void end() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
