package io.tuli.handshake;

/** Why a connection was not let in, or was put out. The ordinal is the number on the wire. */
public enum Refusal {
    /** It does not speak this protocol: noise, HTTP, another program. */
    NOT_TULI,
    /** No wire version in common. */
    VERSION,
    /** It requires a feature that this member does not know. */
    FEATURE,
    /** It belongs to a mesh of another name. */
    FOREIGN_MESH,
    /** It does not know the secret, or has one where we have none. */
    SECRET,
    /** It wanted another member than this one, or another answered than was wanted. */
    UNEXPECTED_MEMBER,
    /** There is a link to this member already, dialled by the side that should. */
    DUPLICATE,
    /** It did not finish the handshake in time. */
    TOO_SLOW,
    /** Too many connections were unknown at once. */
    TOO_MANY,
    /** Once let in, it sent bytes that are no frame. */
    BAD_FRAME,
    /** Once let in, it sent a frame that its role does not allow. */
    FORBIDDEN_FRAME,
    /** This member is closing. */
    CLOSING,
    /** It has no certificate of our authority, or one for another mesh or role. */
    CERTIFICATE,
    /** Its token has ended, is revoked, or is for another role. */
    TOKEN
}
