package io.tuli.handshake;

import io.tuli.Member;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;

/**
 * Which frames a member may send, by its role. A client asks, answers what it was asked, and
 * follows without counting as a copy; it never owns, promises or replicates. So a client gone
 * astray can spoil nobody's changelog.
 */
public enum Permission {
    ALLOWED,
    /** A member of that role may say so in good faith, but has no vote. */
    IGNORED,
    /** No member of that role ever says so: the link is closed. */
    FORBIDDEN;

    public static Permission of(Member.Role from, Frame frame) {
        return from == Member.Role.SERVER ? ALLOWED : ofClient(frame);
    }

    private static Permission ofClient(Frame frame) {
        return switch (frame) {
            case Frame.Request f -> Reserved.isOfTurn(f.id()) ? FORBIDDEN : ALLOWED;
            case Frame.Ask f -> ALLOWED;
            case Frame.Cancel f -> ALLOWED;
            case Frame.Credit f -> ALLOWED;
            case Frame.Appended f -> ALLOWED;
            case Frame.SnapshotTaken f -> ALLOWED;
            case Frame.Follow f -> f.counts() ? FORBIDDEN : ALLOWED;
            // Answers count only where they come from whom was asked; the caller sees to that.
            case Frame.Accepted f -> ALLOWED;
            case Frame.OfCall f -> ALLOWED;
            case Frame.Stale f -> IGNORED;
            case Frame.Fence f -> FORBIDDEN;
            case Frame.Promise f -> FORBIDDEN;
            case Frame.Recall f -> FORBIDDEN;
            case Frame.Recalled f -> FORBIDDEN;
            case Frame.NotYet f -> FORBIDDEN;
            case Frame.Fetch f -> FORBIDDEN;
            case Frame.Fetched f -> FORBIDDEN;
            case Frame.NotOwner f -> FORBIDDEN;
            case Frame.Append f -> FORBIDDEN;
            case Frame.SnapshotPart f -> FORBIDDEN;
        };
    }
}
