package io.tuli.wire;

import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.bytes.Varint;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.StoredRun;
import io.tuli.log.ValueForm;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Snapshot;
import io.tuli.protocol.TunnelFrame;
import java.util.Map;

/**
 * How long a frame gets at most: exact in everything of variable length, generous in numbers. Known
 * before a byte is written, so that a frame goes into one piece of buffer and one over the limit
 * nowhere.
 */
final class FrameSize {

    private static final long POSITION_BYTES = 32;

    /** Upper bound of all numbers and flags of any one frame, its length included. */
    private static final int FRAME_NUMBERS = 96;

    private static final long MARK_BYTES = 48;
    private static final int REPLY_NUMBERS = 64;

    private FrameSize() {}

    /**
     * Room for a frame, known without a look at the texts of those that are very many: no less than
     * {@link #atMost}.
     */
    static long roomFor(Frame frame) {
        return switch (frame) {
            case Frame.Request f when f.headers().isEmpty() ->
                    FRAME_NUMBERS
                            + Text.roomFor(f.verb())
                            + Text.roomFor(f.key().toString())
                            + payload(f.body())
                            + ExtensionForm.sizeAtMost(f.extensions());
            case Frame.Result f -> FRAME_NUMBERS + Text.roomFor(f.detail()) + payload(f.body());
            default -> atMost(frame);
        };
    }

    static long atMost(Frame frame) {
        long content =
                switch (frame) {
                    case Frame.Request f ->
                            message(f.verb(), f.key(), f.body(), f.headers())
                                    + ExtensionForm.sizeAtMost(f.extensions());
                    case Frame.Ask f ->
                            message(f.verb(), f.key(), f.body(), f.headers())
                                    + ExtensionForm.sizeAtMost(f.extensions());
                    case Frame.Accepted f -> (long) f.calls().length * Varint.LONG_BYTES_MAX;
                    case Frame.Result f -> Text.sizeAtMost(f.detail()) + payload(f.body());
                    case Frame.Item f -> payload(f.body());
                    case Frame.End f -> Text.sizeAtMost(f.detail());
                    case Frame.Fetched f -> entries(f.entries());
                    case Frame.Append f -> entries(f.entries());
                    case Frame.SnapshotPart f -> snapshot(f.content());
                    case Frame.Unseen f -> Text.sizeAtMost(f.detail());
                    case Frame.Room f -> 0;
                    case Frame.Cancel f -> 0;
                    case Frame.Credit f -> 0;
                    case Frame.Redirect f -> 0;
                    case Frame.Fence f -> 0;
                    case Frame.Promise f -> 0;
                    case Frame.NotYet f -> 0;
                    case Frame.Stale f -> 0;
                    case Frame.Fetch f -> 0;
                    case Frame.Follow f -> 0;
                    case Frame.NotOwner f -> 0;
                    case Frame.Appended f -> 0;
                    case Frame.SnapshotTaken f -> 0;
                    case Frame.Unfollow f -> 0;
                    case Frame.Sync f -> 0;
                    case Frame.Synced f -> 0;
                    case GroupFrame f -> GroupForm.sizeAtMost(f);
                    case Frame.Recall f -> POSITION_BYTES * f.lineage().size();
                    case Frame.Recalled f -> entries(f.entries());
                    case Frame.Denied f -> Text.sizeAtMost(f.detail());
                    case Frame.OfMembership f -> payload(f.content());
                    case Frame.OfSubjects f -> SubjectForm.sizeAtMost(f);
                    case TunnelFrame.Piece f -> payload(f.content());
                    case TunnelFrame.Taken f -> 0;
                };
        return FRAME_NUMBERS + content;
    }

    private static long message(String verb, Key key, Payload body, Map<String, String> headers) {
        long size = Text.sizeAtMost(verb) + Text.sizeAtMost(key.toString()) + payload(body);
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                size += Text.sizeAtMost(header.getKey()) + Text.sizeAtMost(header.getValue());
            }
        }
        return size;
    }

    private static long payload(Payload payload) {
        return Varint.INT_BYTES_MAX + (long) payload.sizeBytes();
    }

    private static long entries(Entries entries) {
        return Varint.INT_BYTES_MAX + (long) entries.sizeBytes();
    }

    private static long snapshot(Snapshot snapshot) {
        long size =
                MARK_BYTES * snapshot.marks().size() + POSITION_BYTES * snapshot.lineage().size();
        for (GroupPlace group : snapshot.groups()) {
            size += ValueForm.sizeAtMost(group);
        }
        for (Entries piece : snapshot.tail()) {
            size += piece.sizeBytes();
        }
        for (StoredRun run : snapshot.documents()) {
            size += run.sizeBytes();
        }
        for (Snapshot.Reply reply : snapshot.replies()) {
            size += REPLY_NUMBERS + payload(reply.reply());
        }
        return size;
    }
}
