package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.List;

/**
 * The port through which a {@link Membership} learns who is there and talks to them. Not
 * application data: a few small announcements. Thread-safe.
 *
 * <p>What is sent may be lost. A view is a hint that all members see sooner or later, in an order
 * of their own.
 */
public interface ControlChannel extends AutoCloseable {

    /** Messages are at most this long. */
    int MESSAGE_BYTES_MAX = 256 * 1024;

    /**
     * Joins. The first view has been told when it returns.
     *
     * @throws io.tuli.TuliException UNAVAILABLE or BAD_REQUEST when it cannot; the channel is
     *     closed then
     */
    void connect(Events events);

    /** Sends to one member of the view; to nobody if it is not there any more. */
    void send(MemberId to, byte[] message);

    /** Sends to all other members of the view. */
    void sendToAll(byte[] message);

    /** Whether members of the mesh's name were met that have another secret. */
    default boolean hasMetStrangers() {
        return false;
    }

    /** How often who is in the group has changed, as far as this member was told. */
    default long views() {
        return 0;
    }

    /** Leaves gracefully and frees every thread and socket. Again does nothing. */
    @Override
    void close();

    /** Told on the channel's own threads, which must not be blocked. */
    interface Events {

        /** The members that are there now, this one included, the longest-standing first. */
        void viewed(List<Member> members);

        /** A message of another member, or garbage. The array is the receiver's. */
        void received(MemberId from, byte[] message);
    }
}
