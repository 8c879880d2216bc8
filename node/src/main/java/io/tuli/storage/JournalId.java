package io.tuli.storage;

/**
 * Whose journal it is.
 *
 * @param mesh a digest of the mesh's name
 * @param node the member's node, the same over its lives
 */
public record JournalId(long mesh, long node) {

    @Override
    public String toString() {
        return Long.toHexString(mesh) + "/" + Long.toHexString(node);
    }
}
