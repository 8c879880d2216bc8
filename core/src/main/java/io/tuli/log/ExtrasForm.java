package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.bytes.Varint;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes what entries have besides edits and reply; {@link ExtrasReader} reads it. What an event
 * tells is mostly the reply or the value of an edit, and then it is not written again. Stateless.
 */
final class ExtrasForm {

    static final int EVENTS = 1;
    static final int CHANNELS = 2;
    static final int BEFORE = 3;
    static final int OVERRULED = 5;
    static final int GROUPS = 6;
    static final int ACKS = 7;

    /** The event brings what it tells. */
    static final int OWN = 0;

    static final int REPLY = 1;
    static final int FIRST_EDIT = 2;

    /** Among so many edits, of those an entry begins with, the value of an event is looked for. */
    private static final int EDITS_LOOKED_AT = 64;

    private static final int UTF8_BYTES_MOST = 3;
    private static final int LENGTH_BYTES = Varint.INT_BYTES_MAX;

    private ExtrasForm() {}

    /** Room that it needs beyond the one byte that stands for nothing. */
    static int sizeAtMost(Extras extras) {
        if (extras.isNone()) {
            return 0;
        }
        int size = 7 * LENGTH_BYTES + UTF8_BYTES_MOST * extras.key().toString().length();
        for (Extras.Event event : extras.events()) {
            size += 3 * LENGTH_BYTES + UTF8_BYTES_MOST * event.name().length();
            size += event.data().sizeBytes() + LENGTH_BYTES;
            for (String channel : event.channels()) {
                size += LENGTH_BYTES + UTF8_BYTES_MOST * channel.length();
            }
        }
        size += 3 * LENGTH_BYTES;
        for (Payload value : extras.before()) {
            size += LENGTH_BYTES + value.sizeBytes();
        }
        size += 6 * LENGTH_BYTES;
        for (Extras.GroupPlace group : extras.groups()) {
            size += ValueForm.sizeAtMost(group);
        }
        return size;
    }

    /** Writes what an entry has; answers the index after it. */
    static int write(Entry entry, byte[] into, int from) {
        Extras extras = entry.extras();
        int start = from + LENGTH_BYTES;
        int at = start;
        if (!extras.events().isEmpty()) {
            at = begun(EVENTS, into, at, writeEvents(entry, into, at + 1 + LENGTH_BYTES));
        }
        if (hasChannels(extras)) {
            at = begun(CHANNELS, into, at, writeChannels(extras, into, at + 1 + LENGTH_BYTES));
        }
        if (!extras.before().isEmpty()) {
            at = begun(BEFORE, into, at, writeBefore(extras, into, at + 1 + LENGTH_BYTES));
        }
        if (extras.isOverruled()) {
            into[at] = OVERRULED;
            into[at + 1] = 0;
            at += 2;
        }
        if (!extras.groups().isEmpty()) {
            at = begun(GROUPS, into, at, writeGroups(extras, into, at + 1 + LENGTH_BYTES));
        }
        if (hasAcks(extras)) {
            at = begun(ACKS, into, at, writeAcks(extras, into, at + 1 + LENGTH_BYTES));
        }
        return closed(into, from, start, at);
    }

    /** Puts a tag and a length before what was written behind the room for them. */
    private static int begun(int tag, byte[] into, int from, int end) {
        into[from] = (byte) tag;
        return closed(into, from + 1, from + 1 + LENGTH_BYTES, end);
    }

    private static int closed(byte[] into, int from, int start, int end) {
        int at = Varint.write(into, from, end - start);
        System.arraycopy(into, start, into, at, end - start);
        return at + end - start;
    }

    private static int writeEvents(Entry entry, byte[] into, int from) {
        Extras extras = entry.extras();
        int at = writeText(extras.key().toString(), into, from);
        at = Varint.write(into, at, extras.events().size());
        for (Extras.Event event : extras.events()) {
            at = writeText(event.name(), into, at);
            int source = sourceOf(event.data(), entry);
            at = Varint.write(into, at, source);
            if (source == OWN) {
                at = ValueForm.write(into, at, event.data());
            }
        }
        return at;
    }

    private static boolean hasChannels(Extras extras) {
        for (Extras.Event event : extras.events()) {
            if (!event.channels().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static int writeChannels(Extras extras, byte[] into, int from) {
        int at = from;
        for (Extras.Event event : extras.events()) {
            at = Varint.write(into, at, event.channels().size());
            for (String channel : event.channels()) {
                at = writeText(channel, into, at);
            }
        }
        return at;
    }

    private static int sourceOf(Payload data, Entry entry) {
        if (data.isNone()) {
            return OWN;
        }
        if (data.equals(entry.reply())) {
            return REPLY;
        }
        List<Edit> edits = entry.edits();
        for (int i = 0; i < Math.min(edits.size(), EDITS_LOOKED_AT); i++) {
            if (data.equals(edits.get(i).value())) {
                return FIRST_EDIT + i;
            }
        }
        return OWN;
    }

    private static int writeBefore(Extras extras, byte[] into, int from) {
        int at = Varint.write(into, from, extras.before().size());
        for (Payload value : extras.before()) {
            at = ValueForm.write(into, at, value);
        }
        return at;
    }

    private static int writeGroups(Extras extras, byte[] into, int from) {
        int at = Varint.write(into, from, extras.groups().size());
        for (Extras.GroupPlace group : extras.groups()) {
            at = ValueForm.write(into, at, group);
        }
        return at;
    }

    private static boolean hasAcks(Extras extras) {
        for (Extras.GroupPlace group : extras.groups()) {
            if (!group.acks().isNone()) {
                return true;
            }
        }
        return false;
    }

    private static int writeAcks(Extras extras, byte[] into, int from) {
        List<Extras.GroupPlace> some =
                extras.groups().stream().filter(group -> !group.acks().isNone()).toList();
        int at = Varint.write(into, from, some.size());
        for (Extras.GroupPlace group : some) {
            at = ValueForm.writeAcks(into, at, group);
        }
        return at;
    }

    private static int writeText(String text, byte[] into, int from) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = Varint.write(into, from, bytes.length);
        System.arraycopy(bytes, 0, into, at, bytes.length);
        return at + bytes.length;
    }
}
