package io.tuli.connect;

import java.util.Set;

/** Somebody else owns a partition by now, and writes it: nothing of the batch was written. */
public final class FencedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Set<Integer> partitions;

    /**
     * @param partitions those that are not the writer's any more, or some of them
     */
    public FencedException(Set<Integer> partitions) {
        super("a later owner has claimed partitions: " + partitions);
        this.partitions = Set.copyOf(partitions);
    }

    /** Those that are not the writer's any more, or some of them. */
    public Set<Integer> partitions() {
        return partitions;
    }
}
