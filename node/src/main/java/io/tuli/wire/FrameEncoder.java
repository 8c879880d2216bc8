package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to a buffer, each behind its length. Stateless, any thread; allocates nothing of
 * its own.
 *
 * <p>Use it in two steps: {@link #sizeAtMost} refuses what is over the limit and says how much room
 * is needed; {@link #encode} then writes in place.
 */
public final class FrameEncoder {

    /** A frame without content: length 1, type 0. */
    public static final int KEEP_ALIVE_BYTES = 5;

    static final int LENGTH_BYTES = 4;
    static final byte STREAMS_FLAG = 4;
    static final byte FAILURE_FLAG = 8;

    private final WireLimits limits;

    public FrameEncoder(WireLimits limits) {
        this.limits = limits;
    }

    /**
     * Room that the frame needs, in bytes; it may need a little less.
     *
     * @throws TuliException TOO_LARGE when it is over the limit, BAD_REQUEST when a string of it is
     *     no Unicode text; nothing has been written then, nothing is wrong with the link
     */
    public int sizeAtMost(Frame frame) {
        long size = FrameSize.atMost(frame);
        if (size > limits.frameBytes()) {
            requireFits(FrameType.of(frame), size);
        }
        return (int) size;
    }

    private void requireFits(FrameType type, long size) {
        int max = limits.bytesMax(type);
        if (size > max) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a frame must fit its limit: type=" + type + " bytes=" + size + " max=" + max);
        }
    }

    /** Appends a frame; where it cannot, the buffer is as before. */
    public void encode(Frame frame, ByteBuf out) {
        int start = out.writerIndex();
        boolean isWritten = false;
        try {
            out.writeInt(0);
            out.writeByte(FrameType.of(frame).code());
            content(out, frame);
            out.setInt(start, out.writerIndex() - start - LENGTH_BYTES);
            isWritten = true;
        } finally {
            if (!isWritten) {
                out.writerIndex(start);
            }
        }
    }

    /** Appends a sign of life. */
    public static void encodeKeepAlive(ByteBuf out) {
        out.writeInt(1);
        out.writeByte(FrameType.KEEP_ALIVE.code());
    }

    private static void content(ByteBuf out, Frame frame) {
        switch (frame) {
            case Frame.Request f -> request(out, f);
            case Frame.Ask f -> ask(out, f);
            case Frame.Cancel f -> Varint.writeLong(out, f.call());
            case Frame.Credit f -> {
                Varint.writeLong(out, f.call());
                Varint.writeInt(out, f.items());
            }
            case Frame.Accepted f -> accepted(out, f);
            case Frame.Result f -> result(out, f);
            case Frame.Redirect f -> {
                Varint.writeLong(out, f.call());
                ValueEncoder.epoch(out, f.epoch());
            }
            case Frame.Item f -> {
                Varint.writeLong(out, f.call());
                Varint.writeOffset(out, f.index());
                ValueEncoder.payload(out, f.body());
            }
            case Frame.End f -> end(out, f);
            case Frame.OfPartition f -> ofPartition(out, f);
        }
    }

    private static void request(ByteBuf out, Frame.Request f) {
        place(out, f);
        Varint.writeLong(out, f.call());
        ValueEncoder.id(out, f.id());
        Varint.writeInt(out, f.attempt());
        Varint.writeInt(out, f.timeoutMillis());
        out.writeByte(f.commit().copies());
        message(out, f.verb(), f.key(), f.body(), f.headers());
    }

    private static void ask(ByteBuf out, Frame.Ask f) {
        out.writeInt(f.service());
        Varint.writeLong(out, f.call());
        ValueEncoder.id(out, f.id());
        Varint.writeInt(out, f.timeoutMillis());
        message(out, f.verb(), f.key(), f.body(), f.headers());
    }

    private static void message(
            ByteBuf out, String verb, Key key, Payload body, SortedMap<String, String> headers) {
        Text.write(out, verb);
        Text.write(out, key.toString());
        ValueEncoder.payload(out, body);
        Varint.writeInt(out, headers.size());
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                Text.write(out, header.getKey());
                Text.write(out, header.getValue());
            }
        }
        out.writeByte(0); // no extensions
    }

    private static void accepted(ByteBuf out, Frame.Accepted f) {
        Varint.writeInt(out, f.calls().length);
        for (long call : f.calls()) {
            Varint.writeLong(out, call);
        }
    }

    private static void result(ByteBuf out, Frame.Result f) {
        int flags = f.outcome().ordinal() | (f.streams() ? STREAMS_FLAG : 0);
        out.writeByte(flags | (f.failure() != null ? FAILURE_FLAG : 0));
        Varint.writeLong(out, f.call());
        failure(out, f.failure());
        Text.write(out, f.detail());
        ValueEncoder.position(out, f.position());
        Varint.writeInt(out, f.copies());
        ValueEncoder.payload(out, f.body());
    }

    private static void end(ByteBuf out, Frame.End f) {
        out.writeByte(f.failure() != null ? FAILURE_FLAG : 0);
        Varint.writeLong(out, f.call());
        Varint.writeOffset(out, f.count());
        failure(out, f.failure());
        Text.write(out, f.detail());
    }

    private static void failure(ByteBuf out, @Nullable Failure failure) {
        if (failure != null) {
            out.writeByte(failure.ordinal());
        }
    }

    private static void place(ByteBuf out, Frame.OfPartition f) {
        out.writeInt(f.service());
        Varint.writeInt(out, f.partition());
    }

    private static void place(ByteBuf out, Frame.OfPartition f, Epoch epoch) {
        place(out, f);
        ValueEncoder.epoch(out, epoch);
    }

    private static void ofPartition(ByteBuf out, Frame.OfPartition frame) {
        switch (frame) {
            case Frame.Request f -> request(out, f);
            case Frame.Fence f -> {
                place(out, f, f.epoch());
                out.writeLong(f.ringHash());
            }
            case Frame.Promise f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
                ValueEncoder.position(out, f.committed());
            }
            case Frame.NotYet f -> {
                place(out, f, f.epoch());
                out.writeLong(f.ringHash());
            }
            case Frame.Stale f -> place(out, f, f.promised());
            case Frame.Fetch f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
                ValueEncoder.position(out, f.committed());
            }
            case Frame.NotOwner f -> place(out, f, f.promised());
            case Frame.Appended f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.end());
            }
            case Frame.SnapshotTaken f -> {
                place(out, f, f.epoch());
                ValueEncoder.position(out, f.at());
                Varint.writeInt(out, f.index());
            }
            case Frame.Fetched f -> fetched(out, f);
            case Frame.Follow f -> follow(out, f);
            case Frame.Append f -> append(out, f);
            case Frame.SnapshotPart f -> snapshotPart(out, f);
            case Frame.Recall f -> recall(out, f);
            case Frame.Recalled f -> recalled(out, f);
        }
    }

    private static void recall(ByteBuf out, Frame.Recall f) {
        place(out, f, f.epoch());
        ValueEncoder.positions(out, f.lineage());
        Varint.writeOffset(out, f.end());
        Varint.writeOffset(out, f.from());
    }

    private static void recalled(ByteBuf out, Frame.Recalled f) {
        place(out, f, f.epoch());
        Varint.writeOffset(out, f.fork());
        Varint.writeOffset(out, f.next());
        out.writeBoolean(f.last());
        ValueEncoder.entries(out, f.entries());
    }

    private static void fetched(ByteBuf out, Frame.Fetched f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.prev());
        ValueEncoder.position(out, f.committed());
        out.writeBoolean(f.last());
        ValueEncoder.entries(out, f.entries());
    }

    private static void follow(ByteBuf out, Frame.Follow f) {
        place(out, f, f.promised());
        ValueEncoder.position(out, f.end());
        ValueEncoder.position(out, f.committed());
        out.writeBoolean(f.counts());
    }

    private static void append(ByteBuf out, Frame.Append f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.prev());
        Varint.writeOffset(out, f.committedEnd());
        ValueEncoder.entries(out, f.entries());
    }

    private static void snapshotPart(ByteBuf out, Frame.SnapshotPart f) {
        place(out, f, f.epoch());
        ValueEncoder.position(out, f.at());
        Varint.writeInt(out, f.index());
        out.writeBoolean(f.last());
        ValueEncoder.snapshot(out, f.content());
    }
}
