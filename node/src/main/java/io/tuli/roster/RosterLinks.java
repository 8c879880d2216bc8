package io.tuli.roster;

import io.tuli.MemberId;
import io.tuli.handshake.Refused;
import io.tuli.protocol.Frame;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** The links over which servers and clients tell each other who is there. A port; any thread. */
public interface RosterLinks {

    /** Sends on the link to a member; to nobody where there is none. */
    void send(MemberId to, Frame.OfMembership frame);

    /**
     * Makes one attempt at a link to whoever is there.
     *
     * @param done told how it ended; empty where it became a link
     */
    void reach(InetSocketAddress where, Consumer<Optional<Refused>> done);
}
