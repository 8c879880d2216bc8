package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of an entry that most do not have, where it lies in an array; {@link ExtrasForm} writes
 * it. One thread.
 */
abstract sealed class ExtrasReader extends DocumentReader permits EntryReader {

    private static final int EVENT_BYTES_MIN = 3;

    /** Where it begins, behind its length; 0 where there is none. */
    private int extrasAt;

    // Of those that there are.
    private int events;
    private int eventsAt;
    private int channelsAt;
    private int beforeAt;
    private boolean isOverruled;
    private int groupsAt;
    private int acksAt;

    ExtrasReader() {}

    /** Looks at what follows an entry's marks. */
    final void readExtras(int edits) {
        extrasAt = 0;
        int length = varInt();
        if (length > 0) {
            require(length);
            readTags(at + length, edits);
        }
    }

    private void readTags(int end, int edits) {
        int last = 0;
        int whole = limit;
        extrasAt = at;
        events = 0;
        channelsAt = 0;
        beforeAt = 0;
        isOverruled = false;
        groupsAt = 0;
        acksAt = 0;
        while (at < end) {
            limit = end;
            int tag = varInt();
            if (tag <= last) {
                throw new MalformedException("tags of an entry come in order: tag=" + tag);
            }
            last = tag;
            int length = varInt();
            require(length);
            limit = at + length;
            readTag(tag, edits);
            if (at != limit) {
                throw new MalformedException(
                        "a tag has what its length says: tag=" + tag + " left=" + left());
            }
        }
        if (events == 0 && beforeAt == 0 && groupsAt == 0) {
            throw new MalformedException("what tells nothing is not there: tag=" + last);
        }
        limit = whole;
    }

    private void readTag(int tag, int edits) {
        switch (tag) {
            case ExtrasForm.EVENTS -> readEvents(edits);
            case ExtrasForm.CHANNELS -> readChannels();
            case ExtrasForm.BEFORE -> readBefore(edits);
            case ExtrasForm.OVERRULED -> isOverruled = true;
            case ExtrasForm.GROUPS -> readGroups();
            case ExtrasForm.ACKS -> skipAcks();
            default -> throw new MalformedException("unknown tag of an entry: tag=" + tag);
        }
    }

    private void readEvents(int edits) {
        eventsAt = at;
        Key unused = readTurnsKey();
        events = count(EVENT_BYTES_MIN);
        if (events == 0 || events > Extras.EVENTS_MAX) {
            throw new MalformedException("an entry tells 1..64 events: count=" + events);
        }
        for (int i = 0; i < events; i++) {
            String name = readName();
            int source = varInt();
            if (source == ExtrasForm.OWN) {
                skipPayload();
            } else if (source - ExtrasForm.FIRST_EDIT >= edits) {
                throw new MalformedException(
                        "an event tells of an edit that is there: source=" + source + " " + name);
            }
        }
    }

    private Key readTurnsKey() {
        int length = varInt();
        if (length > KEY_BYTES_MAX || length == 0) {
            throw new MalformedException(
                    "an event's key has 1.." + KEY_BYTES_MAX + " bytes: bytes=" + length);
        }
        require(length);
        at += length;
        return parsed(textAt(at - length, length));
    }

    private String readName() {
        int length = varInt();
        if (length > Extras.NAME_BYTES_MAX || length == 0) {
            throw new MalformedException("an event's name has 1..100 bytes: bytes=" + length);
        }
        require(length);
        at += length;
        return textAt(at - length, length);
    }

    private void readChannels() {
        channelsAt = at;
        int told = 0;
        for (int i = 0; i < events; i++) {
            int count = channelCount();
            told += count;
            for (int j = 0; j < count; j++) {
                String unused = readChannel();
            }
        }
        if (told == 0) {
            throw new MalformedException("channels are of events, and not of none: " + events);
        }
    }

    private int channelCount() {
        int count = varInt();
        if (count > Extras.CHANNELS_MAX) {
            throw new MalformedException("an event has 0..16 channels: count=" + count);
        }
        return count;
    }

    private String readChannel() {
        int length = varInt();
        if (length > Extras.CHANNEL_BYTES_MAX || length == 0) {
            throw new MalformedException("a channel's name has 1..100 bytes: bytes=" + length);
        }
        require(length);
        at += length;
        return textAt(at - length, length);
    }

    private void readBefore(int edits) {
        beforeAt = at;
        int count = count(1);
        if (count != edits || count == 0) {
            throw new MalformedException(
                    "values before are as many as edits: count=" + count + " edits=" + edits);
        }
        for (int i = 0; i < count; i++) {
            skipPayload();
        }
    }

    private void readGroups() {
        groupsAt = at;
        if (groups().isEmpty()) {
            throw new MalformedException("an entry says of 1..256 groups how far they are");
        }
    }

    private void skipAcks() {
        acksAt = at;
        if (groupsAt == 0) {
            throw new MalformedException("acknowledgements are those of a group: at=" + at);
        }
        at = groupsAt;
        List<Extras.GroupPlace> groups = groups();
        at = acksAt;
        List<Extras.GroupPlace> unused = readAcks(groups);
    }

    private List<Extras.GroupPlace> groups() {
        int count = count(GROUP_BYTES_MIN);
        if (count > Extras.GroupPlace.GROUPS_MAX) {
            throw new MalformedException("a partition has 0..256 groups: count=" + count);
        }
        List<Extras.GroupPlace> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            groups.add(readGroup());
        }
        return List.copyOf(groups);
    }

    // ---- objects -------------------------------------------------------------------------------

    final boolean hasExtras() {
        return extrasAt > 0;
    }

    /** How many events it tells. */
    public final int events() {
        return extrasAt == 0 ? 0 : events;
    }

    /** Whether it says how far groups of readers are. */
    public final boolean hasGroups() {
        return extrasAt > 0 && groupsAt > 0;
    }

    /** All of it, given what events may tell of. */
    final Extras extras(List<Edit> edits, Payload reply) {
        if (!hasExtras()) {
            return Extras.NONE;
        }
        int end = at;
        Key key = Key.NONE;
        List<Extras.Event> told = List.of();
        if (events > 0) {
            at = eventsAt;
            key = readTurnsKey();
            told = readEvents(edits, reply);
            told = channelsAt == 0 ? told : inChannels(told);
        }
        List<Payload> before = readBefore();
        List<Extras.GroupPlace> groups = List.of();
        if (groupsAt > 0) {
            at = groupsAt;
            groups = groups();
        }
        if (acksAt > 0) {
            at = acksAt;
            groups = readAcks(groups);
        }
        Extras extras = new Extras(key, told, before, isOverruled, groups);
        at = end;
        return extras;
    }

    private List<Extras.Event> readEvents(List<Edit> edits, Payload reply) {
        int count = varInt();
        List<Extras.Event> told = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = readName();
            int source = varInt();
            Payload data =
                    switch (source) {
                        case ExtrasForm.OWN -> readPayload();
                        case ExtrasForm.REPLY -> reply;
                        default -> edits.get(source - ExtrasForm.FIRST_EDIT).value();
                    };
            told.add(new Extras.Event(name, data));
        }
        return List.copyOf(told);
    }

    private List<Extras.Event> inChannels(List<Extras.Event> told) {
        at = channelsAt;
        List<Extras.Event> heard = new ArrayList<>(told.size());
        for (Extras.Event event : told) {
            int count = channelCount();
            List<String> channels = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                channels.add(readChannel());
            }
            heard.add(new Extras.Event(event.name(), event.data(), channels));
        }
        return List.copyOf(heard);
    }

    private List<Payload> readBefore() {
        if (beforeAt == 0) {
            return List.of();
        }
        at = beforeAt;
        int count = varInt();
        List<Payload> before = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            before.add(readPayload());
        }
        return List.copyOf(before);
    }
}
