package io.tuli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value as bytes, with the format they are in. Values travel, are replicated and are stored in
 * this form; they become objects only when somebody reads them.
 *
 * <p>Immutable by contract: the array is handed over by the maker and never written to again, nor
 * by {@link #bytes()}' callers.
 *
 * <p>Their order, by format and then by bytes, means nothing: it is there so that values chosen to
 * have one hash are found in a map as fast as others.
 */
public final class Payload implements Comparable<Payload> {

    /** No value: what a missing key holds and what a request without a body carries. */
    public static final Payload NONE = new Payload(Format.NONE, new byte[0]);

    /** The JSON value {@code null}, which is a value. */
    public static final Payload NULL = json("null");

    private final Format format;
    private final byte[] bytes;

    private Payload(Format format, byte[] bytes) {
        this.format = format;
        this.bytes = bytes;
    }

    /** Bytes in a given format; takes over the array. */
    public static Payload of(Format format, byte[] bytes) {
        return format == Format.NONE ? NONE : new Payload(format, bytes);
    }

    /** A JSON text, assumed valid. */
    public static Payload json(String text) {
        return new Payload(Format.JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Opaque bytes, which Tuli never looks into; takes over the array. */
    public static Payload opaque(byte[] bytes) {
        return new Payload(Format.OPAQUE, bytes);
    }

    public Format format() {
        return format;
    }

    /** The bytes themselves, not a copy: never write to them. */
    public byte[] bytes() {
        return bytes;
    }

    public int sizeBytes() {
        return bytes.length;
    }

    public boolean isNone() {
        return format == Format.NONE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that
                && that.format == format
                && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * format.ordinal() + Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Payload other) {
        int byFormat = format.compareTo(other.format);
        return byFormat == 0 ? Arrays.compareUnsigned(bytes, other.bytes) : byFormat;
    }

    /** JSON as text; opaque bytes as their count. */
    @Override
    public String toString() {
        return switch (format) {
            case NONE -> "(none)";
            case JSON -> new String(bytes, StandardCharsets.UTF_8);
            case OPAQUE -> bytes.length + " bytes";
        };
    }

    /** How the bytes of a payload are to be read; the ordinal is the number on the wire. */
    public enum Format {
        NONE,
        JSON,
        OPAQUE
    }
}
