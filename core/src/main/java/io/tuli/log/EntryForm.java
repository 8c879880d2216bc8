package io.tuli.log;

import io.tuli.Edit;
import io.tuli.LogPosition;
import io.tuli.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes entries as the bytes they travel and are kept in: one form from the owner's changelog
 * through every frame to every replica's. docs/wire.md says what it is; {@link EntryReader} reads
 * it. Stateless.
 */
final class EntryForm {

    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static final int INT_BYTES_MAX = 5;
    static final int LONG_BYTES_MAX = 10;

    /** Epoch, offset, time, id, caller, digest, three counts. */
    private static final int HEAD_BYTES_MOST = 5 * Long.BYTES + 4 * INT_BYTES_MAX + 20;

    private static final int EDIT_BYTES_MOST = 1 + 2 * INT_BYTES_MAX;
    private static final int MARK_BYTES_MOST =
            Integer.BYTES + Long.BYTES + 3 * INT_BYTES_MAX + LONG_BYTES_MAX;
    private static final int UTF8_BYTES_MOST = 3;

    private EntryForm() {}

    /** Room that the entry needs; it may need less. */
    static int sizeAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + INT_BYTES_MAX + entry.reply().sizeBytes();
        List<Edit> edits = entry.edits();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += EDIT_BYTES_MOST + UTF8_BYTES_MOST * edit.key().toString().length();
            size += edit.value().sizeBytes();
        }
        return size + entry.marks().size() * MARK_BYTES_MOST;
    }

    /** What it takes at most: fewer than {@link #sizeAtMost}, for keys are looked at. */
    static int bytesAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + INT_BYTES_MAX + entry.reply().sizeBytes();
        for (Edit edit : entry.edits()) {
            size += EDIT_BYTES_MOST + edit.key().sizeBytes() + edit.value().sizeBytes();
        }
        return size + entry.marks().size() * MARK_BYTES_MOST;
    }

    /** Writes an entry; answers the place after it. */
    static int write(Entry entry, byte[] into, int from) {
        List<Edit> edits = entry.edits();
        List<SourceMark> marks = entry.marks();
        int at = writePosition(into, from, entry.epoch().number(), entry.epoch().owner());
        at = writeVarint(into, at, entry.offset());
        LONG.set(into, at, entry.time());
        LONG.set(into, at + Long.BYTES, entry.id().origin());
        at = writeVarint(into, at + 2 * Long.BYTES, entry.id().sequence());
        at = writeSent(entry, into, at);
        at = writeVarint(into, at, edits.size());
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            into[at] = (byte) edit.kind().ordinal();
            at = writeText(into, at + 1, edit.key().toString());
            at = writePayload(into, at, edit.value());
        }
        at = writePayload(into, at, entry.reply());
        at = writeVarint(into, at, marks.size());
        for (int i = 0; i < marks.size(); i++) {
            at = writeMark(into, at, marks.get(i));
        }
        return at;
    }

    private static int writeSent(Entry entry, byte[] into, int from) {
        long origin = entry.id().origin();
        long sequence = entry.id().sequence();
        int at = from;
        if (Sender.hasDigest(origin, sequence)) {
            LONG.set(into, at, entry.digest());
            at += Long.BYTES;
        }
        if (Sender.isApart(origin, sequence)) {
            LONG.set(into, at, entry.caller());
            at += Long.BYTES;
        }
        return at;
    }

    private static int writePosition(byte[] into, int from, int number, long owner) {
        int at = writeVarint(into, from, number);
        LONG.set(into, at, owner);
        return at + Long.BYTES;
    }

    private static int writePayload(byte[] into, int from, Payload payload) {
        byte[] bytes = payload.bytes();
        long tag = ((long) bytes.length << 2) | payload.format().ordinal();
        int at = writeVarint(into, from, tag);
        System.arraycopy(bytes, 0, into, at, bytes.length);
        return at + bytes.length;
    }

    private static int writeText(byte[] into, int from, String text) {
        int length = text.length();
        int at = writeVarint(into, from, length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                at = writeVarint(into, from, bytes.length);
                System.arraycopy(bytes, 0, into, at, bytes.length);
                return at + bytes.length;
            }
            into[at + i] = (byte) c;
        }
        return at + length;
    }

    private static int writeMark(byte[] into, int from, SourceMark mark) {
        LogPosition position = mark.position();
        INT.set(into, from, mark.service());
        int at = writeVarint(into, from + Integer.BYTES, mark.partition());
        at = writePosition(into, at, position.epoch().number(), position.epoch().owner());
        at = writeVarint(into, at, position.offset());
        return writeVarint(into, at, mark.step() == SourceMark.ALL ? 0 : mark.step());
    }

    /** Any 64 bits: seven a byte, lowest first, the top bit set on all but the last. */
    static int writeVarint(byte[] into, int from, long value) {
        int at = from;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            into[at++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        into[at] = (byte) rest;
        return at + 1;
    }
}
