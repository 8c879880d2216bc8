package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries as plain bytes, for keeping them: a changelog of objects would be copied by the garbage
 * collector again and again, because entries live just long enough. The form never leaves the
 * process. Stateless.
 */
final class Packing {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final Edit.Kind[] KINDS = Edit.Kind.values();
    private static final Payload.Format[] FORMATS = Payload.Format.values();
    private static final int HEAD_BYTES = 4 * Long.BYTES;
    private static final int EDIT_BYTES = 1 + Integer.BYTES;
    private static final int PAYLOAD_BYTES = 1 + Integer.BYTES;
    private static final int MARK_BYTES = 4 * Integer.BYTES + 2 * Long.BYTES;

    private Packing() {}

    /** Room that the entry needs; it may need less. */
    static int sizeAtMost(Entry entry) {
        int size = HEAD_BYTES + PAYLOAD_BYTES + entry.reply().sizeBytes();
        List<Edit> edits = entry.edits();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += EDIT_BYTES + 3 * edit.key().toString().length();
            size += PAYLOAD_BYTES + edit.value().sizeBytes();
        }
        return size + entry.marks().size() * MARK_BYTES;
    }

    /** Writes all of an entry but its epoch and offset; answers the place after it. */
    static int pack(Entry entry, byte[] into, int from) {
        List<Edit> edits = entry.edits();
        List<SourceMark> marks = entry.marks();
        LONG.set(into, from, entry.time());
        LONG.set(into, from + 8, entry.id().origin());
        LONG.set(into, from + 16, entry.id().sequence());
        INT.set(into, from + 24, edits.size());
        INT.set(into, from + 28, marks.size());
        int at = packPayload(entry.reply(), into, from + HEAD_BYTES);
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            into[at] = (byte) edit.kind().ordinal();
            int end = packText(edit.key().toString(), into, at + EDIT_BYTES);
            INT.set(into, at + 1, end - at - EDIT_BYTES);
            at = packPayload(edit.value(), into, end);
        }
        for (int i = 0; i < marks.size(); i++) {
            at = packMark(marks.get(i), into, at);
        }
        return at;
    }

    private static int packPayload(Payload payload, byte[] into, int at) {
        byte[] bytes = payload.bytes();
        into[at] = (byte) payload.format().ordinal();
        INT.set(into, at + 1, bytes.length);
        System.arraycopy(bytes, 0, into, at + PAYLOAD_BYTES, bytes.length);
        return at + PAYLOAD_BYTES + bytes.length;
    }

    private static int packText(String text, byte[] into, int from) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                System.arraycopy(bytes, 0, into, from, bytes.length);
                return from + bytes.length;
            }
            into[from + i] = (byte) c;
        }
        return from + length;
    }

    private static int packMark(SourceMark mark, byte[] into, int at) {
        INT.set(into, at, mark.service());
        INT.set(into, at + 4, mark.partition());
        INT.set(into, at + 8, mark.position().epoch().number());
        INT.set(into, at + 12, mark.step());
        LONG.set(into, at + 16, mark.position().epoch().owner());
        LONG.set(into, at + 24, mark.position().offset());
        return at + MARK_BYTES;
    }

    /** Reads what {@link #pack} wrote. */
    static Entry unpack(Epoch epoch, long offset, byte[] from, int start) {
        int edits = (int) INT.get(from, start + 24);
        int marks = (int) INT.get(from, start + 28);
        int at = start + HEAD_BYTES;
        Payload reply = payload(from, at);
        at += PAYLOAD_BYTES + reply.sizeBytes();
        List<Edit> unpacked = edits == 0 ? List.of() : new ArrayList<>(edits);
        for (int i = 0; i < edits; i++) {
            int length = (int) INT.get(from, at + 1);
            int end = at + EDIT_BYTES + length;
            String key = new String(from, at + EDIT_BYTES, length, StandardCharsets.UTF_8);
            Payload value = payload(from, end);
            unpacked.add(new Edit(KINDS[from[at]], Key.parse(key), value));
            at = end + PAYLOAD_BYTES + value.sizeBytes();
        }
        return new Entry(
                epoch,
                offset,
                (long) LONG.get(from, start),
                new RequestId((long) LONG.get(from, start + 8), (long) LONG.get(from, start + 16)),
                edits < 2 ? List.copyOf(unpacked) : unpacked,
                reply,
                marks(marks, from, at));
    }

    private static Payload payload(byte[] from, int at) {
        Payload.Format format = FORMATS[from[at]];
        if (format == Payload.Format.NONE) {
            return Payload.NONE;
        }
        int length = (int) INT.get(from, at + 1);
        byte[] bytes = new byte[length];
        System.arraycopy(from, at + PAYLOAD_BYTES, bytes, 0, length);
        return Payload.of(format, bytes);
    }

    private static List<SourceMark> marks(int count, byte[] from, int start) {
        if (count == 0) {
            return List.of();
        }
        List<SourceMark> marks = new ArrayList<>(count);
        for (int at = start; marks.size() < count; at += MARK_BYTES) {
            Epoch epoch = new Epoch((int) INT.get(from, at + 8), (long) LONG.get(from, at + 16));
            LogPosition position = new LogPosition(epoch, (long) LONG.get(from, at + 24));
            marks.add(
                    new SourceMark(
                            (int) INT.get(from, at),
                            (int) INT.get(from, at + 4),
                            position,
                            (int) INT.get(from, at + 12)));
        }
        return marks;
    }
}
