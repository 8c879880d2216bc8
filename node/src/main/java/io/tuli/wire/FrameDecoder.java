package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.MessageRules;
import io.tuli.protocol.TunnelFrame;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames off a buffer. For one link, one thread; it keeps nothing of the buffer.
 *
 * <p>Every sequence of bytes is a valid frame or a {@link MalformedException}, and no more is
 * allocated than a small multiple of the bytes that have arrived. A frame has exactly one form, so
 * what was read can be written again to the byte; only extensions it does not know are skipped and
 * lost.
 */
public final class FrameDecoder {

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Failure[] FAILURES = Failure.values();
    private static final TunnelFrame.Part[] PARTS = TunnelFrame.Part.values();
    private static final int OUTCOME_BITS = 3;
    private static final int HEADER_BYTES_MIN = 2;

    private final WireLimits limits;
    private final FieldDecoder fields = new FieldDecoder();
    private final ValueDecoder values = new ValueDecoder(fields);

    public FrameDecoder(WireLimits limits) {
        this.limits = limits;
    }

    /**
     * The next frame; null while it is not there as a whole. Signs of life are skipped. The
     * buffer's reader index moves behind what was taken.
     *
     * @param in a buffer that has an array
     * @throws MalformedException when the bytes are no frame: close the link
     */
    public @Nullable Frame next(ByteBuf in) {
        byte[] bytes = in.array();
        int base = in.arrayOffset();
        Frame frame = null;
        int from = base + in.readerIndex();
        while (frame == null && missing(bytes, from, in.readableBytes()) == 0) {
            int type = from + FrameEncoder.LENGTH_BYTES;
            from = type + BigEndian.intAt(bytes, from);
            in.readerIndex(from - base);
            frame = frame(FrameType.ofCode(bytes[type]), bytes, type + 1, from);
        }
        return frame;
    }

    private @Nullable Frame frame(FrameType type, byte[] bytes, int from, int until) {
        fields.frame(bytes, from, until);
        Frame frame = type == FrameType.KEEP_ALIVE ? null : content(type);
        fields.finish();
        return frame;
    }

    /**
     * How many bytes must arrive before {@link #next} can tell more: 0 when a frame is complete.
     *
     * @throws MalformedException when the frame that begins there is too long, as early as that
     *     shows
     */
    public int missing(ByteBuf in) {
        return missing(in.array(), in.arrayOffset() + in.readerIndex(), in.readableBytes());
    }

    private int missing(byte[] bytes, int from, int there) {
        if (there <= FrameEncoder.LENGTH_BYTES) {
            return FrameEncoder.LENGTH_BYTES + 1 - there;
        }
        int length = BigEndian.intAt(bytes, from);
        FrameType type = FrameType.ofCode(bytes[from + FrameEncoder.LENGTH_BYTES]);
        if (length < 1 || length > limits.bytesMax(type)) {
            throw new MalformedException(
                    "a frame's length must be 1.."
                            + limits.bytesMax(type)
                            + ": type="
                            + type
                            + " length="
                            + length);
        }
        return Math.max(0, FrameEncoder.LENGTH_BYTES + length - there);
    }

    private Frame content(FrameType type) {
        return switch (type) {
            case REQUEST -> request();
            case ASK -> ask();
            case CANCEL -> new Frame.Cancel(fields.varLong());
            case CREDIT -> new Frame.Credit(fields.varLong(), fields.varInt());
            case ACCEPTED -> accepted();
            case RESULT -> result();
            case REDIRECT ->
                    new Frame.Redirect(fields.varLong(), fields.readEpoch(), fields.flag());
            case ITEM -> new Frame.Item(fields.varLong(), fields.varOffset(), fields.readPayload());
            case END -> end();
            case UNSEEN ->
                    new Frame.Unseen(
                            fields.varLong(),
                            FAILURES[fields.ordinal(FAILURES.length, "failure")],
                            fields.text(limits.frameBytes()));
            case ROOM -> new Frame.Room(fields.varLong(), fields.fixedInt(), fields.varInt());
            case FENCE,
                    PROMISE,
                    NOT_YET,
                    STALE,
                    FETCH,
                    FETCHED,
                    FOLLOW,
                    NOT_OWNER,
                    APPEND,
                    APPENDED,
                    SNAPSHOT_PART,
                    SNAPSHOT_TAKEN,
                    RECALL,
                    RECALLED,
                    UNFOLLOW,
                    SYNC,
                    SYNCED,
                    CLAIM,
                    GRANT,
                    REVOKE,
                    TOOK ->
                    ofPartition(type, fields.fixedInt(), fields.varInt(), fields.readEpoch());
            case DENIED -> new Frame.Denied(fields.fixedInt(), fields.text(limits.frameBytes()));
            case ROSTER -> new Frame.Roster(fields.readPayload());
            case USES -> new Frame.Uses(fields.readPayload());
            case INTEREST, INTEREST_KNOWN, PUBLISH, HEARD -> SubjectForm.read(fields, type);
            case PIECE -> piece();
            case TAKEN ->
                    new TunnelFrame.Taken(fields.varLong(), fields.flag(), fields.varOffset());
            case KEEP_ALIVE -> throw new IllegalStateException("a sign of life has no content");
        };
    }

    private Frame piece() {
        long call = fields.varLong();
        int flags = fields.ordinal(2 * PARTS.length, "part of a tunnel");
        return new TunnelFrame.Piece(
                call,
                flags >= PARTS.length,
                fields.varOffset(),
                PARTS[flags % PARTS.length],
                fields.readPayload());
    }

    private Frame request() {
        int service = fields.fixedInt();
        int partition = fields.varInt();
        long call = fields.varLong();
        RequestId id = fields.readId();
        int attempt = fields.varInt();
        int timeout = fields.varInt();
        Commit commit = commit(fields.octet() & 0xff);
        String verb = fields.name(WireLimits.VERB_BYTES_MAX);
        Key key = fields.key();
        Payload body = fields.readPayload();
        SortedMap<String, String> headers = headers();
        return new Frame.Request(
                service,
                partition,
                call,
                id,
                attempt,
                timeout,
                commit,
                verb,
                key,
                body,
                headers,
                ExtensionForm.read(fields));
    }

    private static Commit commit(int number) {
        return switch (number) {
            case Commit.SAFE -> Commit.safe();
            case 1 -> Commit.owner();
            case ValueEncoder.DISKS -> throw new MalformedException("a commit of no disks: 128");
            default ->
                    number < ValueEncoder.DISKS
                            ? Commit.copies(number)
                            : Commit.disks(number - ValueEncoder.DISKS);
        };
    }

    private Frame ask() {
        int service = fields.fixedInt();
        long call = fields.varLong();
        RequestId id = fields.readId();
        int timeout = fields.varInt();
        String verb = fields.name(WireLimits.VERB_BYTES_MAX);
        Key key = fields.key();
        Payload body = fields.readPayload();
        SortedMap<String, String> headers = headers();
        Extensions extensions = ExtensionForm.read(fields);
        if (extensions.isOfDocument()) {
            throw new MalformedException(
                    "what is said of a document is said to its owner: " + verb);
        }
        return new Frame.Ask(service, call, id, timeout, verb, key, body, headers, extensions);
    }

    private SortedMap<String, String> headers() {
        int count = fields.count(HEADER_BYTES_MIN);
        if (count == 0) {
            return Collections.emptySortedMap();
        }
        TreeMap<String, String> headers = new TreeMap<>();
        String last = null;
        for (int i = 0; i < count; i++) {
            String name = fields.name(limits.frameBytes());
            if (last != null && name.compareTo(last) <= 0) {
                throw new MalformedException("headers must be in order, each once: " + name);
            }
            if (MessageRules.isReservedHeader(name)) {
                throw new MalformedException("headers that begin with $ are reserved: " + name);
            }
            headers.put(name, fields.text(limits.frameBytes()));
            last = name;
        }
        return headers;
    }

    private Frame accepted() {
        long[] calls = new long[fields.count(1)];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = fields.varLong();
        }
        return new Frame.Accepted(calls);
    }

    private Frame result() {
        int flags = fields.ordinal(FrameEncoder.FAILURE_FLAG << 1, "flags of a result");
        long call = fields.varLong();
        Failure failure = failure(flags);
        String detail = fields.text(limits.frameBytes());
        LogPosition position = fields.readPosition();
        int copies = fields.varInt();
        int disks = fields.varInt();
        boolean streams = (flags & FrameEncoder.STREAMS_FLAG) != 0;
        Payload body = fields.readPayload();
        return new Frame.Result(
                call, outcome(flags), failure, detail, position, copies, disks, streams, body);
    }

    private static Outcome outcome(int flags) {
        int outcome = flags & OUTCOME_BITS;
        if (outcome >= OUTCOMES.length) {
            throw new MalformedException("unknown outcome: number=" + outcome);
        }
        return OUTCOMES[outcome];
    }

    private Frame end() {
        int flags = fields.octet() & 0xff;
        if ((flags & ~FrameEncoder.FAILURE_FLAG) != 0) {
            throw new MalformedException("unknown flags of an end: flags=" + flags);
        }
        long call = fields.varLong();
        long count = fields.varOffset();
        Failure failure = failure(flags);
        return new Frame.End(call, count, failure, fields.text(limits.frameBytes()));
    }

    private @Nullable Failure failure(int flags) {
        boolean isThere = (flags & FrameEncoder.FAILURE_FLAG) != 0;
        return isThere ? FAILURES[fields.ordinal(FAILURES.length, "failure")] : null;
    }

    private Frame ofPartition(FrameType type, int service, int partition, Epoch epoch) {
        return switch (type) {
            case FENCE -> new Frame.Fence(service, partition, epoch, fields.fixedLong());
            case PROMISE ->
                    new Frame.Promise(
                            service,
                            partition,
                            epoch,
                            fields.readPosition(),
                            fields.readPosition());
            case NOT_YET -> new Frame.NotYet(service, partition, epoch, fields.fixedLong());
            case STALE -> new Frame.Stale(service, partition, epoch);
            case FETCH ->
                    new Frame.Fetch(
                            service,
                            partition,
                            epoch,
                            fields.readPosition(),
                            fields.readPosition());
            case FETCHED -> fetched(service, partition, epoch);
            case FOLLOW ->
                    new Frame.Follow(
                            service,
                            partition,
                            epoch,
                            fields.readPosition(),
                            fields.readPosition(),
                            fields.flag());
            case NOT_OWNER -> new Frame.NotOwner(service, partition, epoch);
            case APPEND ->
                    new Frame.Append(
                            service,
                            partition,
                            epoch,
                            fields.readPosition(),
                            fields.varOffset(),
                            fields.entries());
            case APPENDED -> new Frame.Appended(service, partition, epoch, fields.readPosition());
            case SNAPSHOT_PART -> snapshotPart(service, partition, epoch);
            case SNAPSHOT_TAKEN ->
                    new Frame.SnapshotTaken(
                            service, partition, epoch, fields.readPosition(), fields.varInt());
            case RECALL ->
                    new Frame.Recall(
                            service,
                            partition,
                            epoch,
                            values.positions(),
                            fields.varOffset(),
                            fields.varOffset());
            case RECALLED -> recalled(service, partition, epoch);
            case UNFOLLOW -> new Frame.Unfollow(service, partition, epoch);
            case SYNC -> new Frame.Sync(service, partition, epoch, fields.varOffset());
            case SYNCED -> new Frame.Synced(service, partition, epoch, fields.readPosition());
            case CLAIM, GRANT, REVOKE, TOOK ->
                    GroupForm.read(fields, type, service, partition, epoch, limits.frameBytes());
            default -> throw new IllegalStateException("not of a partition: " + type);
        };
    }

    private Frame fetched(int service, int partition, Epoch epoch) {
        LogPosition prev = fields.readPosition();
        LogPosition committed = fields.readPosition();
        boolean last = fields.flag();
        return new Frame.Fetched(
                service, partition, epoch, prev, committed, fields.entries(), last);
    }

    private Frame recalled(int service, int partition, Epoch epoch) {
        long fork = fields.varOffset();
        long next = fields.varOffset();
        boolean last = fields.flag();
        return new Frame.Recalled(service, partition, epoch, fork, next, last, fields.entries());
    }

    private Frame snapshotPart(int service, int partition, Epoch epoch) {
        LogPosition at = fields.readPosition();
        int index = fields.varInt();
        boolean last = fields.flag();
        return new Frame.SnapshotPart(
                service, partition, epoch, at, index, last, values.snapshot());
    }
}
