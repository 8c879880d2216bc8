package io.tuli.wire;

import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.TunnelFrame;

/**
 * The types of frames. The ordinal is the first byte on the wire: add at the end only, and only
 * with a new wire version.
 */
public enum FrameType {
    /** Says that the sender is alive. It is no {@link Frame}: links keep it to themselves. */
    KEEP_ALIVE,
    REQUEST,
    ASK,
    CANCEL,
    CREDIT,
    ACCEPTED,
    RESULT,
    REDIRECT,
    ITEM,
    END,
    FENCE,
    PROMISE,
    NOT_YET,
    STALE,
    FETCH,
    FETCHED,
    FOLLOW,
    NOT_OWNER,
    APPEND,
    APPENDED,
    SNAPSHOT_PART,
    SNAPSHOT_TAKEN,
    RECALL,
    RECALLED,
    DENIED,
    ROSTER,
    USES,
    UNSEEN,
    ROOM,
    INTEREST,
    INTEREST_KNOWN,
    PUBLISH,
    HEARD,
    UNFOLLOW,
    SYNC,
    SYNCED,
    CLAIM,
    GRANT,
    REVOKE,
    TOOK,
    PIECE,
    TAKEN;

    private static final FrameType[] BY_CODE = values();

    /** Its first byte. */
    byte code() {
        return (byte) ordinal();
    }

    /** Whether it carries entries or documents, of which many fit one frame. */
    boolean isReplication() {
        return this == FETCHED || this == APPEND || this == SNAPSHOT_PART || this == RECALLED;
    }

    static FrameType ofCode(byte code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedException("unknown frame type: type=" + (code & 0xff));
        }
        return BY_CODE[code];
    }

    /** The type of a frame. */
    public static FrameType of(Frame frame) {
        return switch (frame) {
            case Frame.Request f -> REQUEST;
            case Frame.Ask f -> ASK;
            case Frame.Cancel f -> CANCEL;
            case Frame.Credit f -> CREDIT;
            case Frame.Accepted f -> ACCEPTED;
            case Frame.Result f -> RESULT;
            case Frame.Redirect f -> REDIRECT;
            case Frame.Item f -> ITEM;
            case Frame.End f -> END;
            case Frame.Fence f -> FENCE;
            case Frame.Promise f -> PROMISE;
            case Frame.NotYet f -> NOT_YET;
            case Frame.Stale f -> STALE;
            case Frame.Fetch f -> FETCH;
            case Frame.Fetched f -> FETCHED;
            case Frame.Follow f -> FOLLOW;
            case Frame.NotOwner f -> NOT_OWNER;
            case Frame.Append f -> APPEND;
            case Frame.Appended f -> APPENDED;
            case Frame.SnapshotPart f -> SNAPSHOT_PART;
            case Frame.SnapshotTaken f -> SNAPSHOT_TAKEN;
            case Frame.Recall f -> RECALL;
            case Frame.Recalled f -> RECALLED;
            case Frame.Denied f -> DENIED;
            case Frame.Roster f -> ROSTER;
            case Frame.Uses f -> USES;
            case Frame.Unseen f -> UNSEEN;
            case Frame.Room f -> ROOM;
            case Frame.Interest f -> INTEREST;
            case Frame.InterestKnown f -> INTEREST_KNOWN;
            case Frame.Publish f -> PUBLISH;
            case Frame.Heard f -> HEARD;
            case Frame.Unfollow f -> UNFOLLOW;
            case Frame.Sync f -> SYNC;
            case Frame.Synced f -> SYNCED;
            case GroupFrame.Claim f -> CLAIM;
            case GroupFrame.Grant f -> GRANT;
            case GroupFrame.Revoke f -> REVOKE;
            case GroupFrame.Took f -> TOOK;
            case TunnelFrame.Piece f -> PIECE;
            case TunnelFrame.Taken f -> TAKEN;
        };
    }
}
