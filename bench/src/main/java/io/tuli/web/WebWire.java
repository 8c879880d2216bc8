package io.tuli.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a gateway: requests of HTTP, one at a time, or a WebSocket that speaks
 * Socket.IO. Used by its loop.
 */
final class WebWire extends ChannelInboundHandlerAdapter {

    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASKED = 0x80;
    private static final int FINAL_TEXT = 0x81;
    private static final int TEXT = 1;

    /** What comes. */
    interface Heard {

        /** It can be used. */
        void ready(WebWire wire);

        /** A response: its status and body; of Socket.IO a packet, and 0. */
        void message(WebWire wire, int status, String text);

        /** It has ended, whatever for. */
        void ended(WebWire wire, String why);
    }

    private final Heard heard;
    private final boolean isSocket;
    private final String token;
    private final ByteBuf unread = Unpooled.buffer(0);
    private @Nullable Channel channel;
    private boolean isUpgraded;

    /** What its owner remembers of it. */
    long sentNanos;

    /** What its owner counts of it. */
    long number;

    /**
     * @param token that is shown in the handshake of a socket; empty for none
     */
    WebWire(Heard heard, boolean isSocket, String token) {
        this.heard = heard;
        this.isSocket = isSocket;
        this.token = token;
    }

    // ---- what is said --------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (!isSocket) {
            heard.ready(this);
            return;
        }
        String login = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
        write(
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + login
                        + "\r\n");
    }

    private void write(String text) {
        Channel open = channel;
        if (open != null) {
            open.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        }
    }

    /** A request without a body where that is empty. */
    void request(String method, String path, String body) {
        sentNanos = System.nanoTime();
        String type =
                body.isEmpty()
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n";
        write(
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                        + type
                        + "\r\n"
                        + body);
    }

    /** A packet, as a frame that is masked by zeros. */
    void packet(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer(bytes.length + 14);
        frame.writeByte(FINAL_TEXT);
        if (bytes.length < LENGTH_16) {
            frame.writeByte(MASKED | bytes.length);
        } else {
            frame.writeByte(MASKED | LENGTH_16).writeShort(bytes.length);
        }
        frame.writeInt(0).writeBytes(bytes);
        Channel open = channel;
        if (open != null) {
            open.writeAndFlush(frame);
        }
    }

    void close() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    // ---- what comes ----------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        unread.discardReadBytes().writeBytes(bytes);
        bytes.release();
        boolean isMore = true;
        while (isMore) {
            isMore = isUpgraded ? frame() : response();
        }
        if (!unread.isReadable()) {
            unread.clear();
        }
    }

    private boolean response() {
        int from = unread.readerIndex();
        String head = unread.toString(StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        int status = Integer.parseInt(head.substring(9, 12));
        if (status == 101) {
            isUpgraded = true;
            unread.readerIndex(from + end + 4);
            return true;
        }
        int length = length(head.substring(0, end).toLowerCase(java.util.Locale.ROOT));
        if (unread.readableBytes() < end + 4 + length) {
            return false;
        }
        unread.readerIndex(from + end + 4 + length);
        heard.message(this, status, head.substring(end + 4, end + 4 + length));
        return unread.isReadable();
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return 0;
        }
        int end = head.indexOf('\r', at + 2);
        return Integer.parseInt(head.substring(at + 17, end < 0 ? head.length() : end).strip());
    }

    private boolean frame() {
        int from = unread.readerIndex();
        if (unread.readableBytes() < 2) {
            return false;
        }
        int kind = unread.readByte() & 0x0f;
        int length = unread.readByte() & 0x7f;
        int more = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
        if (unread.readableBytes() >= more && more > 0) {
            length = more == 2 ? unread.readUnsignedShort() : (int) unread.readLong();
        }
        if (unread.readableBytes() < length
                || (more > 0 && unread.readerIndex() != from + 2 + more)) {
            unread.readerIndex(from);
            return false;
        }
        String text = unread.readCharSequence(length, StandardCharsets.UTF_8).toString();
        if (kind == TEXT) {
            received(text);
        }
        return unread.isReadable();
    }

    /** Handshakes and pings are its own. */
    private void received(String text) {
        if (text.equals("2")) {
            packet("3");
        } else if (text.startsWith("0{")) {
            packet("40");
        } else if (text.startsWith("40")) {
            heard.ready(this);
        } else {
            heard.message(this, 0, text);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unread.release();
        heard.ended(this, "it was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        heard.ended(this, String.valueOf(broken));
        context.close();
    }
}
