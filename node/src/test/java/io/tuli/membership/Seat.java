package io.tuli.membership;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.secret.Secret;
import io.tuli.transport.Link;
import io.tuli.transport.LinkListener;
import io.tuli.transport.Transport;
import io.tuli.transport.TransportConfig;
import java.net.InetSocketAddress;
import java.util.List;

/** A membership with the transport that carries it, and without links. */
final class Seat implements AutoCloseable {

    private final Transport transport;
    private final Membership membership;
    private final int port;

    private Seat(Transport transport, Membership membership, int port) {
        this.transport = transport;
        this.membership = membership;
        this.port = port;
    }

    /** Bound, and not joined yet. */
    static Seat of(MembershipConfig config, String secret, Member self) {
        InetSocketAddress bind = new InetSocketAddress(config.bind(), self.port());
        TransportConfig setting =
                TransportConfig.of(config.mesh(), self, bind)
                        .secret(secret.isEmpty() ? null : Secret.of(secret, config.mesh()))
                        .life(Members.life(self))
                        .loops(1);
        Transport transport = new Transport(setting, new NoLinks());
        int port = transport.start().getPort();
        Membership membership = new Membership(config, transport.controlPort(), self, roster -> {});
        return new Seat(transport, membership, port);
    }

    Membership membership() {
        return membership;
    }

    int port() {
        return port;
    }

    Transport transport() {
        return transport;
    }

    @Override
    public void close() {
        membership.close();
        transport.close();
    }

    private static final class NoLinks implements LinkListener {
        @Override
        public void up(Link link) {}

        @Override
        public void received(Link link, Frame frame) {}

        @Override
        public void upcoming(Link link, List<Frame.OfPartition> frames) {}

        @Override
        public void batchEnd(Link link) {}

        @Override
        public void writabilityChanged(Link link) {}

        @Override
        public void down(Link link, String why) {}

        @Override
        public void status(MemberId peer, LinkStatus status) {}

        @Override
        public void refused(String address, Refusal refusal, String why) {}
    }
}
