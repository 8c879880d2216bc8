package io.tuli.protocol;

/**
 * Whom a core gives what is to be there after a crash: records, which are frames, in order. A port:
 * every method returns at once and calls nothing back into the core. When something is kept, the
 * core hears {@link Input.Kept}; until then it tells nobody that this member has it.
 *
 * <ul>
 *   <li>{@link Frame.Append}: entries; what was behind their place gives way to them.
 *   <li>{@link Frame.Promise}: an epoch.
 *   <li>{@link Frame.SnapshotPart}: of a replica that is on its way; a part 0 begins one.
 *   <li>{@link Frame.SnapshotTaken}: all its parts are there, as many as the index says: from here
 *       on the replica is that. None at offset 0: it is empty.
 * </ul>
 */
public interface Keeper {

    /** Where nothing is durable. */
    Keeper NONE =
            new Keeper() {
                @Override
                public void keep(Frame.OfPartition record, boolean isSynced) {
                    throw new IllegalStateException("nothing is kept here: " + record);
                }

                @Override
                public void handOver(long ticket) {}
            };

    /**
     * Takes a record. It may refer to arrays that the core writes to again: what is to last is
     * copied before this returns. None is refused; {@link #hasRoom} is what keeps them few.
     *
     * @param isSynced whether it is kept only when it is synced, and not when it is written
     */
    void keep(Frame.OfPartition record, boolean isSynced);

    /**
     * The end of a batch: what was given since the last one has this number. Only after batches in
     * which something was given; each number is higher than the one before.
     */
    void handOver(long ticket);

    /** Whether there is room for more: while there is none, owners begin no requests. */
    default boolean hasRoom() {
        return true;
    }

    /**
     * Why it takes nothing new until somebody makes room, in words; empty where it takes all, or
     * will soon. While it does not, owners refuse what would have to be kept.
     */
    default String whyFull() {
        return "";
    }
}
