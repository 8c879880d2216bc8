package io.tuli.wire;

import io.tuli.Caller;
import io.tuli.Edit;
import io.tuli.LogPosition;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.bytes.MalformedException;
import io.tuli.bytes.Varint;
import io.tuli.protocol.Extensions;
import org.jspecify.annotations.Nullable;

/**
 * What a message says besides its headers, as tagged values one behind the other: a tag, a length,
 * the value; tags in order, each once. Those it does not know are skipped. Stateless.
 */
final class ExtensionForm {

    /** A version: no bytes for absent, else a position. */
    private static final int VERSION = 2;

    /** After how many milliseconds documents go; 0 for never. */
    private static final int EXPIRY = 3;

    /** Who calls: provider and user as texts, then the claims. */
    private static final int CALLER = 4;

    /** Which versions of the service may run it. */
    private static final int SERVED_AS = 6;

    /** A tunnel that it opens: its window, and how long it lasts. */
    private static final int OPENING = 7;

    private static final int SERVED_AS_BYTES_MAX = 4 * Extensions.SERVED_AS_CHARS_MOST;

    /** Of the length of any block, which is less than 16 KiB. */
    private static final int LENGTH_BYTES = 2;

    /** Tags, lengths and numbers of all that is known. */
    static final int BYTES_MOST = 64;

    private static final int PROVIDER_BYTES_MAX = 32;
    private static final int USER_BYTES_MAX = 4 * Caller.USER_CHARS_MOST;

    private ExtensionForm() {}

    static void write(FieldEncoder out, Extensions extensions) {
        if (extensions.isNone()) {
            out.octet(0);
            return;
        }
        int from = begin(out);
        version(out, extensions.version());
        expiry(out, extensions.expiryMillis());
        caller(out, extensions.caller());
        servedAs(out, extensions.servedAs());
        opening(out, extensions.opening());
        end(out, from);
    }

    /** Leaves room for the length of what follows. */
    static int begin(FieldEncoder out) {
        int from = out.end();
        out.end(from + LENGTH_BYTES);
        return from;
    }

    /** Writes the length of what was written since, which moves up where that is short. */
    static void end(FieldEncoder out, int from) {
        int length = out.end() - from - LENGTH_BYTES;
        out.end(from);
        out.varInt(length);
        out.bytes(out.array(), from + LENGTH_BYTES, length);
    }

    private static void caller(FieldEncoder out, @Nullable Caller caller) {
        if (caller != null) {
            ArrivedCaller carried = caller.carried();
            out.octet(CALLER);
            int from = begin(out);
            out.text(carried.provider());
            out.text(carried.user());
            out.bytes(carried.claims());
            end(out, from);
        }
    }

    private static void servedAs(FieldEncoder out, String versions) {
        if (!versions.isEmpty()) {
            out.octet(SERVED_AS);
            int from = begin(out);
            out.text(versions);
            end(out, from);
        }
    }

    private static void opening(FieldEncoder out, Extensions.@Nullable Opening opening) {
        if (opening != null) {
            out.octet(OPENING);
            int from = begin(out);
            out.varInt(opening.windowBytes());
            out.offset(opening.lastsMillis());
            end(out, from);
        }
    }

    private static void version(FieldEncoder out, @Nullable LogPosition version) {
        if (version != null) {
            out.octet(VERSION);
            int from = begin(out);
            if (!version.equals(LogPosition.START)) {
                ValueEncoder.position(out, version);
            }
            end(out, from);
        }
    }

    private static void expiry(FieldEncoder out, long millis) {
        if (millis != Extensions.UNSAID) {
            out.octet(EXPIRY);
            int lengthAt = out.end();
            out.octet(0);
            out.offset(millis);
            out.octetAt(lengthAt, out.end() - lengthAt - 1);
        }
    }

    /** How long the block gets at most. */
    static int sizeAtMost(Extensions extensions) {
        return extensions.isNone()
                ? Varint.INT_BYTES_MAX
                : sizeAtMost(extensions.caller()) + Text.roomFor(extensions.servedAs());
    }

    private static int sizeAtMost(@Nullable Caller caller) {
        return caller == null
                ? BYTES_MOST
                : BYTES_MOST
                        + PROVIDER_BYTES_MAX
                        + Text.roomFor(caller.user())
                        + caller.claimsBytes();
    }

    /** The block that comes next. */
    static Extensions read(FieldDecoder in) {
        int length = in.varInt();
        if (length == 0) {
            return Extensions.NONE;
        }
        if (length > WireLimits.EXTENSION_BYTES_MAX) {
            throw new MalformedException("extensions are too long: bytes=" + length);
        }
        int left = in.leftAfter(length);
        LogPosition version = null;
        Caller caller = null;
        String servedAs = "";
        Extensions.Opening opening = null;
        long expiryMillis = Extensions.UNSAID;
        int last = 0;
        while (in.leftBytes() > left) {
            int tag = in.varInt();
            if (tag <= last) {
                throw new MalformedException("extensions must be in order, each once: tag=" + tag);
            }
            last = tag;
            int after = in.leftAfter(in.varInt());
            if (after < left) {
                throw new MalformedException("an extension must end with its block: tag=" + tag);
            }
            if (tag == VERSION) {
                version = version(in, after);
            } else if (tag == EXPIRY) {
                expiryMillis = expiry(in);
            } else if (tag == CALLER) {
                caller = caller(in, after);
            } else if (tag == SERVED_AS) {
                servedAs = servedAs(in);
            } else if (tag == OPENING) {
                opening = opening(in);
            } else {
                in.skip(in.leftBytes() - after);
            }
            if (in.leftBytes() != after) {
                throw new MalformedException("an extension has its value's length: tag=" + tag);
            }
        }
        Extensions read = new Extensions(version, expiryMillis, caller, servedAs, opening);
        return read.isNone() ? Extensions.NONE : read;
    }

    /** Whoever it is, he has come over this link. */
    private static Caller caller(FieldDecoder in, int after) {
        String provider = in.name(PROVIDER_BYTES_MAX);
        String user = in.text(USER_BYTES_MAX);
        int claims = in.leftBytes() - after;
        if (claims < 0) {
            throw new MalformedException("a caller ends with its block: bytes over=" + -claims);
        }
        try {
            Caller caller =
                    Caller.arrived(new ArrivedCaller(provider, user, in.bytes(claims), true));
            if (caller.isMember()) {
                throw new MalformedException("who sends for itself says nothing");
            }
            return caller;
        } catch (IllegalArgumentException broken) {
            throw new MalformedException("a caller breaks its rule: " + broken.getMessage());
        }
    }

    private static String servedAs(FieldDecoder in) {
        String versions = in.text(SERVED_AS_BYTES_MAX);
        if (versions.isEmpty() || versions.length() > Extensions.SERVED_AS_CHARS_MOST) {
            throw new MalformedException(
                    "versions are said in 1..64 characters: " + versions.length());
        }
        return versions;
    }

    private static Extensions.Opening opening(FieldDecoder in) {
        try {
            return new Extensions.Opening(in.varInt(), in.varOffset());
        } catch (IllegalArgumentException broken) {
            throw new MalformedException("a tunnel breaks its rule: " + broken.getMessage());
        }
    }

    private static long expiry(FieldDecoder in) {
        long millis = in.varOffset();
        if (millis > Edit.UNTIL_MAX) {
            throw new MalformedException("a document is there for at most 2^47 ms: " + millis);
        }
        return millis;
    }

    private static LogPosition version(FieldDecoder in, int after) {
        if (in.leftBytes() == after) {
            return LogPosition.START;
        }
        LogPosition version = in.readPosition();
        if (version.equals(LogPosition.START)) {
            throw new MalformedException("a version that is absent is written as no bytes");
        }
        return version;
    }
}
