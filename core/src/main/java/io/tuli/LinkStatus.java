package io.tuli;

/** How the link to another member stands. */
public enum LinkStatus {
    DISCONNECTED,
    CONNECTING,
    CONNECTED,
    /** Connected, but the other side reads more slowly than we write. */
    THROTTLED,
    /** Connected; the other side is a client. */
    CLIENT,
    /** The member has left the mesh. */
    REMOVED
}
