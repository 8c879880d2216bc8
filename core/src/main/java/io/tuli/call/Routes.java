package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link Caller} can see of the world and do to it. A port: every method returns at once
 * and calls nothing back.
 */
public interface Routes {

    /** Who should own the partition; null while nobody knows. */
    @Nullable MemberId ownerOf(int service, int partition);

    /** The latest ownership period the local replica knows of; {@link Epoch#ZERO} if none. */
    Epoch epochOf(int service, int partition);

    /** The present member of that incarnation; null if there is none. */
    @Nullable MemberId memberOf(long incarnation);

    /** Whether a frame to the member would leave now: there is a link, and room in its outbox. */
    boolean isOpen(MemberId member);

    /** The longest message that every server takes to which there is a link, in bytes. */
    int messageBytesMax();

    /** Puts a frame into the outbox to a member, which may be this one. */
    void send(MemberId to, Frame frame);

    /**
     * How many calls for these versions of a service were shared out among servers before this one,
     * by all loops of this member.
     */
    long nextShared(int service, String versions);

    /** Whether the local replica shows everything before the position; true where there is none. */
    boolean shows(int service, int partition, LogPosition position);
}
