package io.tuli.access;

import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.TunnelFrame;
import io.tuli.secret.Role;

/**
 * Which frames a member may send, by the role that it has proven. Who is no server asks, answers
 * what it was asked, and follows without counting as a copy; it never owns, promises or replicates.
 * So a client gone astray can spoil nobody's changelog.
 */
public enum Permission {
    ALLOWED,
    /** A member of that role may say so in good faith, but has no vote. */
    IGNORED,
    /** A member of that role may ask, and hears that it is not allowed. */
    DENIED,
    /** No member of that role ever says so: the link is closed. */
    FORBIDDEN;

    /** What the library keeps for itself; users' verbs never begin so. */
    private static final String RESERVED = "$";

    /** By the role alone; {@link MemberAccess} knows the rights to services, too. */
    public static Permission of(Role from, Frame frame) {
        return from == Role.SERVER ? ALLOWED : ofOthers(from, frame);
    }

    private static Permission ofOthers(Role from, Frame frame) {
        return switch (frame) {
            case Frame.Request f -> request(f);
            case Frame.Ask f -> ask(from, f);
            case Frame.Cancel f -> ALLOWED;
            case Frame.Credit f -> ALLOWED;
            case Frame.Appended f -> ALLOWED;
            case Frame.SnapshotTaken f -> ALLOWED;
            case Frame.Unfollow f -> ALLOWED;
            case GroupFrame.Claim f -> ALLOWED;
            case GroupFrame.Took f -> ALLOWED;
            case GroupFrame.Grant f -> FORBIDDEN;
            case GroupFrame.Revoke f -> FORBIDDEN;
            case Frame.Follow f -> f.counts() ? FORBIDDEN : ALLOWED;
            // Answers count only where they come from whom was asked; the caller sees to that.
            case Frame.Accepted f -> ALLOWED;
            case Frame.Room f -> FORBIDDEN; // it serves nothing
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
            case Frame.Sync f -> FORBIDDEN;
            case Frame.Synced f -> FORBIDDEN;
            case Frame.SnapshotPart f -> FORBIDDEN;
            case Frame.Denied f -> FORBIDDEN;
            case Frame.Roster f -> FORBIDDEN;
            case Frame.Uses f -> ALLOWED;
            case Frame.Interest f -> interest(f);
            case Frame.InterestKnown f -> ALLOWED;
            case Frame.Publish f -> publish(f);
            case Frame.Heard f -> ALLOWED;
            // It serves nothing, so it is the opener.
            case TunnelFrame f -> f.toOpener() ? FORBIDDEN : ALLOWED;
        };
    }

    private static Permission request(Frame.Request request) {
        if (Reserved.isOfTurn(request.id()) || Reserved.isFold(request.id())) {
            return FORBIDDEN;
        }
        if (request.verb().equals(Reserved.READ) && !speaks(request.extensions())) {
            return ALLOWED;
        }
        boolean isDenied = request.verb().startsWith(RESERVED) || speaks(request.extensions());
        return isDenied ? DENIED : ALLOWED;
    }

    /** Whether it is said to be for somebody else: only servers are believed. */
    private static boolean speaks(Extensions extensions) {
        return extensions.caller() != null;
    }

    private static Permission ask(Role from, Frame.Ask ask) {
        if (speaks(ask.extensions())) {
            return DENIED;
        }
        if (ask.verb().equals(Reserved.REPORT)) {
            return from == Role.OPERATOR ? ALLOWED : DENIED;
        }
        if (ask.verb().equals(Reserved.ALIVE) || ask.verb().equals(Reserved.LAST)) {
            return ALLOWED;
        }
        return ask.verb().startsWith(RESERVED) ? DENIED : ALLOWED;
    }

    /** Who is no server relays nothing. */
    private static Permission interest(Frame.Interest interest) {
        for (InterestItem item : interest.items()) {
            if (item.isRelayed()) {
                return FORBIDDEN;
            }
        }
        return ALLOWED;
    }

    /** Nor does it say what others published, keep what could be asked for, or join meshes. */
    private static Permission publish(Frame.Publish publish) {
        boolean isRelayed = publish.route().origin() != null && publish.route().relayed().isEmpty();
        return isRelayed || !publish.publication().isPlain() ? FORBIDDEN : ALLOWED;
    }

    /** Whether this is an operator's change, which is written down. */
    public static boolean isChange(Frame frame) {
        return frame instanceof Frame.Request request && !request.verb().equals(Reserved.READ);
    }
}
