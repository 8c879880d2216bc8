package io.tuli.engine;

import java.nio.charset.StandardCharsets;

/**
 * A packet to a client as the bytes of its text: a digit for its type, then what it carries.
 * Encoded once, sent to as many as there are. Immutable: nobody writes to the bytes.
 */
public final class Packet {

    static final char CLOSE = '1';
    static final char PING = '2';
    static final char PONG = '3';
    static final char MESSAGE = '4';
    static final char NOOP = '6';

    static final String PROBE = "2probe";
    static final String UPGRADE = "5";

    private final byte[] bytes;

    private Packet(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A packet of this text, its type included. */
    public static Packet of(String text) {
        return new Packet(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A message: a text, then JSON.
     *
     * @param json in UTF-8; not written to any more
     */
    public static Packet message(String text, byte[] json) {
        byte[] before = (MESSAGE + text).getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[before.length + json.length];
        System.arraycopy(before, 0, whole, 0, before.length);
        System.arraycopy(json, 0, whole, before.length, json.length);
        return new Packet(whole);
    }

    /** A message of this text. */
    public static Packet message(String text) {
        return of(MESSAGE + text);
    }

    /** Its text in UTF-8; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    int size() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
