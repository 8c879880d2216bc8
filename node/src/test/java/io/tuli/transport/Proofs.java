package io.tuli.transport;

import io.tuli.handshake.Proven;
import io.tuli.secret.Secret;
import java.util.List;
import java.util.Objects;

/** What the links of a member stand on, for tests elsewhere. */
public final class Proofs {

    private Proofs() {}

    /** The secrets proven on all links there are. */
    public static List<Secret> secrets(Transport transport) {
        return all(transport).stream().map(Proven::secret).filter(Objects::nonNull).toList();
    }

    /** What was proven on all links there are. */
    public static List<Proven> all(Transport transport) {
        return transport.allLinks().stream().map(Link::proven).toList();
    }

    /** What was proven on all connections of the membership. */
    public static List<Proven> ofControl(Transport transport) {
        return List.copyOf(transport.controlPort().proven());
    }
}
