package io.tuli.handshake;

import io.netty.buffer.ByteBuf;
import io.tuli.secret.Hmac;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Secret;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a handshake proves itself with, over all that was said.
 *
 * @param mac by a secret of the mesh; zeros without one
 * @param signature by the key of its life; zeros where it showed that key in TLS, or has none
 */
public record Proof(byte[] mac, byte[] signature) {

    private static final String DIALER = "dialer";
    private static final String ACCEPTOR = "acceptor";

    /** The dialing side's. */
    public static Proof ofDialer(@Nullable Secret secret, @Nullable LifeKey signs, byte[] over) {
        return of(secret, DIALER, signs, over);
    }

    /** The accepting side's. */
    public static Proof ofAcceptor(@Nullable Secret secret, @Nullable LifeKey signs, byte[] over) {
        return of(secret, ACCEPTOR, signs, over);
    }

    private static Proof of(
            @Nullable Secret secret, String side, @Nullable LifeKey signs, byte[] over) {
        return new Proof(
                secret == null ? new byte[Greeting.MAC_BYTES] : Hmac.of(secret.key(side), over),
                signs == null ? new byte[LifeKey.SIGNATURE_BYTES] : signs.sign(over));
    }

    public void write(ByteBuf out) {
        out.writeBytes(mac).writeBytes(signature);
    }

    public static Proof read(ByteBuf in) {
        return new Proof(
                Hello.bytes(in, Greeting.MAC_BYTES), Hello.bytes(in, LifeKey.SIGNATURE_BYTES));
    }

    /** Whether whoever dialed knows this secret. */
    boolean isOfDialer(Secret secret, byte[] over) {
        return Hmac.isSame(mac, Hmac.of(secret.key(DIALER), over));
    }

    /** Whether whoever accepted knows this secret. */
    boolean isOfAcceptor(Secret secret, byte[] over) {
        return Hmac.isSame(mac, Hmac.of(secret.key(ACCEPTOR), over));
    }

    /** Whether nothing is proven by a secret. */
    boolean isWithoutSecret() {
        return Arrays.equals(mac, new byte[Greeting.MAC_BYTES]);
    }
}
