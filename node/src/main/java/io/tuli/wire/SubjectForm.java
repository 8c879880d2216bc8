package io.tuli.wire;

import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames about what is published as bytes, and back. What differs from member to member comes
 * first; the rest is the same for all that a publication goes to, its body encoded once.
 */
final class SubjectForm {

    /** Longest subject or pattern, in UTF-8. */
    static final int SUBJECT_BYTES_MAX = 255;

    /** Most groups named in one frame, here or relayed. */
    private static final int GROUPS_MAX = 4_096;

    private static final int ITEM_BYTES_MIN = 8;
    private static final int ALL_HERE = 1;
    private static final int GROUPS_HERE = 2;
    private static final int ALL_RELAYED = 4;
    private static final int GROUPS_RELAYED = 8;
    private static final int ORIGIN = 16;
    private static final int CALL = 32;
    private static final int FLAGS = 64;

    /** When it was published, where it is kept as the last of its subject. */
    private static final int KEPT = 1;

    /** The meshes it has come through. */
    private static final int VIA = 2;

    private static final int EXTENSION_NUMBERS = 24;

    private SubjectForm() {}

    // ---- writing -------------------------------------------------------------------------------

    static void write(FieldEncoder out, Frame.OfSubjects frame) {
        switch (frame) {
            case Frame.Interest f -> interest(out, f);
            case Frame.InterestKnown f -> {
                out.offset(f.version());
                out.flag(f.isWanted());
            }
            case Frame.Publish f -> publish(out, f);
            case Frame.Heard f -> {
                out.varLong(f.call());
                out.varInt(f.subscribers());
            }
        }
    }

    private static void interest(FieldEncoder out, Frame.Interest f) {
        out.offset(f.version());
        out.offset(f.base());
        out.flag(f.isLast());
        out.flag(f.isHome());
        out.varInt(f.items().size());
        for (int i = 0; i < f.items().size(); i++) {
            InterestItem item = f.items().get(i);
            out.fixedInt(item.service());
            out.text(item.pattern());
            out.text(item.group());
            out.flag(item.isRelayed());
            out.varInt(item.count());
        }
    }

    private static void publish(FieldEncoder out, Frame.Publish f) {
        Route route = f.route();
        Route.Origin origin = route.origin();
        out.octet(
                flag(ALL_HERE, route.here().isForAll())
                        | flag(GROUPS_HERE, !route.here().groups().isEmpty())
                        | flag(ALL_RELAYED, route.relayed().isForAll())
                        | flag(GROUPS_RELAYED, !route.relayed().groups().isEmpty())
                        | flag(ORIGIN, origin != null)
                        | flag(CALL, route.isCall()));
        groups(out, route.here().groups());
        groups(out, route.relayed().groups());
        if (origin != null) {
            out.fixedLong(origin.member().node());
            out.fixedLong(origin.member().incarnation());
            out.offset(origin.number());
        }
        if (route.isCall()) {
            out.varLong(route.call());
            out.varInt(route.timeoutMillis());
        }
        out.offset(f.sequence());
        out.fixedInt(f.publication().service());
        out.text(f.publication().subject());
        ValueEncoder.payload(out, f.publication().body());
        extensions(out, f.publication());
    }

    /** Tagged values, as messages have them. */
    private static void extensions(FieldEncoder out, Publication publication) {
        if (publication.isPlain()) {
            out.octet(0);
            return;
        }
        int from = ExtensionForm.begin(out);
        if (publication.keptMicros() != 0) {
            out.octet(KEPT);
            int lengthAt = ExtensionForm.begin(out);
            out.offset(publication.keptMicros());
            ExtensionForm.end(out, lengthAt);
        }
        if (!publication.via().isEmpty()) {
            out.octet(VIA);
            int lengthAt = ExtensionForm.begin(out);
            groups(out, publication.via());
            ExtensionForm.end(out, lengthAt);
        }
        ExtensionForm.end(out, from);
    }

    private static int flag(int flag, boolean isSet) {
        return isSet ? flag : 0;
    }

    private static void groups(FieldEncoder out, List<String> groups) {
        if (!groups.isEmpty()) {
            out.varInt(groups.size());
            for (int i = 0; i < groups.size(); i++) {
                out.text(groups.get(i));
            }
        }
    }

    // ---- how long ------------------------------------------------------------------------------

    static long sizeAtMost(Frame.OfSubjects frame) {
        return switch (frame) {
            case Frame.Interest f -> items(f.items());
            case Frame.Publish f ->
                    texts(f.route().here().groups())
                            + texts(f.route().relayed().groups())
                            + Text.sizeAtMost(f.publication().subject())
                            + 5L
                            + f.publication().body().sizeBytes()
                            + EXTENSION_NUMBERS
                            + texts(f.publication().via());
            case Frame.InterestKnown f -> 0;
            case Frame.Heard f -> 0;
        };
    }

    private static long items(List<InterestItem> items) {
        long size = 0;
        for (int i = 0; i < items.size(); i++) {
            InterestItem item = items.get(i);
            size += 10 + Text.sizeAtMost(item.pattern()) + Text.sizeAtMost(item.group());
        }
        return size;
    }

    private static long texts(List<String> texts) {
        long size = 0;
        for (int i = 0; i < texts.size(); i++) {
            size += Text.sizeAtMost(texts.get(i));
        }
        return size;
    }

    // ---- reading -------------------------------------------------------------------------------

    static Frame read(FieldDecoder in, FrameType type) {
        return switch (type) {
            case INTEREST -> interest(in);
            case INTEREST_KNOWN -> new Frame.InterestKnown(in.varOffset(), in.flag());
            case PUBLISH -> publish(in);
            case HEARD -> new Frame.Heard(in.varLong(), in.varInt());
            default -> throw new IllegalStateException("not of subjects: " + type);
        };
    }

    private static Frame interest(FieldDecoder in) {
        long version = in.varOffset();
        long base = in.varOffset();
        boolean isLast = in.flag();
        boolean isHome = in.flag();
        InterestItem[] items = new InterestItem[in.count(ITEM_BYTES_MIN)];
        for (int i = 0; i < items.length; i++) {
            int service = in.fixedInt();
            String pattern = in.text(SUBJECT_BYTES_MAX);
            String group = in.name(InterestItem.GROUP_BYTES_MAX);
            items[i] = new InterestItem(service, pattern, group, in.flag(), in.varInt());
        }
        return new Frame.Interest(version, base, isLast, isHome, List.of(items));
    }

    private static Frame publish(FieldDecoder in) {
        int flags = in.ordinal(FLAGS, "flags of a publication");
        List<String> here = groups(in, (flags & GROUPS_HERE) != 0);
        List<String> relayed = groups(in, (flags & GROUPS_RELAYED) != 0);
        Route.Origin origin = origin(in, (flags & ORIGIN) != 0);
        long call = 0;
        int timeout = 0;
        if ((flags & CALL) != 0) {
            call = in.varLong();
            timeout = in.varInt();
            if (call == 0) {
                throw new MalformedException("a call has a number: 0");
            }
        }
        boolean isPlain = (flags & ~ALL_HERE) == 0 && flags != 0;
        Route route =
                isPlain
                        ? Route.PLAIN
                        : new Route(
                                new Route.Part((flags & ALL_HERE) != 0, here),
                                new Route.Part((flags & ALL_RELAYED) != 0, relayed),
                                origin,
                                call,
                                timeout);
        long sequence = in.varOffset();
        int service = in.fixedInt();
        String subject = in.name(SUBJECT_BYTES_MAX);
        Payload body = in.readPayload();
        return new Frame.Publish(route, sequence, marked(in, service, subject, body));
    }

    /** With the extensions that come next; those it does not know are skipped. */
    private static Publication marked(FieldDecoder in, int service, String subject, Payload body) {
        int length = in.varInt();
        if (length == 0) {
            return new Publication(service, subject, body);
        }
        if (length > WireLimits.EXTENSION_BYTES_MAX) {
            throw new MalformedException("extensions are too long: bytes=" + length);
        }
        int left = in.leftAfter(length);
        long kept = 0;
        List<String> via = List.of();
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
            if (tag == KEPT) {
                kept = in.varOffset();
            } else if (tag == VIA) {
                via = groups(in, true);
            } else {
                in.skip(in.leftBytes() - after);
            }
            if (in.leftBytes() != after) {
                throw new MalformedException("an extension has its value's length: tag=" + tag);
            }
        }
        if (via.size() > Publication.VIA_MOST) {
            throw new MalformedException("a publication comes through few meshes: " + via.size());
        }
        return new Publication(service, subject, body, kept, via);
    }

    private static Route.@Nullable Origin origin(FieldDecoder in, boolean isThere) {
        if (!isThere) {
            return null;
        }
        MemberId member = new MemberId(in.fixedLong(), in.fixedLong());
        return new Route.Origin(member, in.varOffset());
    }

    private static List<String> groups(FieldDecoder in, boolean areThere) {
        if (!areThere) {
            return List.of();
        }
        int count = in.count(1);
        if (count == 0 || count > GROUPS_MAX) {
            throw new MalformedException("groups are 1.." + GROUPS_MAX + ": " + count);
        }
        String[] groups = new String[count];
        for (int i = 0; i < count; i++) {
            groups[i] = in.name(InterestItem.GROUP_BYTES_MAX);
        }
        return List.of(groups);
    }
}
