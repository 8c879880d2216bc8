package io.tuli.handshake;

import io.tuli.secret.Hmac;
import java.nio.charset.StandardCharsets;

/**
 * All that was said before a proof, and over what: what the proof is a proof of. Whoever changes a
 * byte of it on its way, or ends the encryption of one side and begins that of the other, makes the
 * proofs fail.
 *
 * <pre>
 * T = SHA-256("tuli transcript 2\0" | kind of channel:u8 | HELLO | CHALLENGE     whole, heads too
 *             | SHA-256(the dialling side's certificate) | SHA-256(the accepting side's)
 *             | exported keying material, 32 bytes)        zeros for what there is none of
 * proof of the dialling side   = HMAC-SHA-256(key("dialer"), T)
 * proof of the accepting side  = HMAC-SHA-256(key("acceptor"), SHA-256(T | PROOF | WELCOME))
 * </pre>
 */
public final class Transcript {

    private static final byte[] LABEL = "tuli transcript 2\0".getBytes(StandardCharsets.US_ASCII);

    private Transcript() {}

    /**
     * The transcript when the dialling side proves.
     *
     * @param hello the message as it was on the wire, likewise the challenge
     */
    public static byte[] of(Binding over, byte[] hello, byte[] challenge) {
        return Hmac.sha256(
                LABEL,
                new byte[] {(byte) over.kind().ordinal()},
                hello,
                challenge,
                over.dialer(),
                over.acceptor(),
                over.exported());
    }

    /** When the accepting side proves: after the other's proof, and with its own presentation. */
    public static byte[] of(byte[] transcript, byte[] proof, byte[] presentation) {
        return Hmac.sha256(transcript, proof, presentation);
    }

    /** What the messages of a handshake go over. The ordinal enters the transcript. */
    public enum Kind {
        /** A socket without encryption. */
        CLEAR,
        /** TLS. */
        TLS,
        /** A Unix-domain socket: nobody but this machine's user reads it. */
        UNIX
    }

    /**
     * What is known of the channel besides the messages; zeros where there is nothing. A proof that
     * covers it holds on this channel alone: a channel binding, RFC 5929.
     *
     * @param dialer hash of the dialling side's certificate
     * @param acceptor hash of the accepting side's
     * @param exported keying material of the session
     */
    public record Binding(Kind kind, byte[] dialer, byte[] acceptor, byte[] exported) {

        /** Of a channel that is not encrypted. */
        public static Binding of(Kind kind) {
            byte[] none = new byte[Hmac.BYTES];
            return new Binding(kind, none, none, none);
        }
    }
}
