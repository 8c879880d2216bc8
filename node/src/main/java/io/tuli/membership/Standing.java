package io.tuli.membership;

/** What a beacon says of its member. The ordinal is the number on the wire. */
enum Standing {
    /** Started, in no view yet. */
    JOINING,
    /** In no view yet and about to found the mesh. */
    CLAIMING,
    /** In a view. */
    MEMBER,
    /** The first of a view: who joins asks it. */
    COORDINATOR;

    boolean isInView() {
        return this == MEMBER || this == COORDINATOR;
    }
}
