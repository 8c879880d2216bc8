package io.tuli.wire;

import io.tuli.LogPosition;
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

    /** Tags, lengths and numbers of all that is known. */
    static final int BYTES_MOST = 64;

    private ExtensionForm() {}

    static void write(FieldEncoder out, Extensions extensions) {
        if (extensions.isNone()) {
            out.octet(0);
            return;
        }
        int lengthAt = out.end();
        out.octet(0);
        version(out, extensions.version());
        out.octetAt(lengthAt, out.end() - lengthAt - 1);
    }

    private static void version(FieldEncoder out, @Nullable LogPosition version) {
        if (version != null) {
            out.octet(VERSION);
            int lengthAt = out.end();
            out.octet(0);
            if (!version.equals(LogPosition.START)) {
                ValueEncoder.position(out, version);
            }
            out.octetAt(lengthAt, out.end() - lengthAt - 1);
        }
    }

    /** How long the block gets at most. */
    static int sizeAtMost(Extensions extensions) {
        return extensions.isNone() ? Varint.INT_BYTES_MAX : BYTES_MOST;
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
            } else {
                in.skip(in.leftBytes() - after);
            }
            if (in.leftBytes() != after) {
                throw new MalformedException("an extension has its value's length: tag=" + tag);
            }
        }
        return Extensions.of(version);
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
