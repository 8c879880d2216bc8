package io.tuli.secret;

/** What a member demands of whom it links to; what is later in the list fulfils what is earlier. */
public enum Demand {
    /** Nothing: anybody who reaches the address. */
    OPEN,
    /** That it knows a secret of the mesh. */
    SECRET,
    /** That it has a certificate of the mesh's authority. */
    CERTIFICATE
}
