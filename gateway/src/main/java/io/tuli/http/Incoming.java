package io.tuli.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request that has not come wholly yet. Confined to its connection's loop. */
final class Incoming {

    private static final int FIRST_BYTES = 1024;
    private static final byte[] EMPTY = {};

    private final HttpRequest head;
    private final @Nullable Route route;
    private final int bytesMax;
    private byte[] body = EMPTY;
    private int size;

    Incoming(HttpRequest head, @Nullable Route route, int bytesMax) {
        this.head = head;
        this.route = route;
        this.bytesMax = bytesMax;
    }

    /** Whether so many bytes more are within the limit. */
    boolean hasRoom(int bytes) {
        return bytes <= bytesMax - size;
    }

    int bytesMax() {
        return bytesMax;
    }

    /** Memory follows what has come, not what was announced. */
    void add(ByteBuf bytes) {
        int more = bytes.readableBytes();
        if (size + more > body.length) {
            int grown = Math.max(Math.min(bytesMax, body.length * 2), FIRST_BYTES);
            body = Arrays.copyOf(body, Math.max(size + more, grown));
        }
        bytes.readBytes(body, size, more);
        size += more;
    }

    Request request() {
        return new Request(head, size == body.length ? body : Arrays.copyOf(body, size));
    }

    /** That takes it; null where none does. */
    @Nullable Route route() {
        return route;
    }
}
