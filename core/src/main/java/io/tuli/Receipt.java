package io.tuli;

/**
 * What is known of a committed request.
 *
 * @param partition its partition; -1 for a request that belongs to none, such as a survey
 * @param position the place right after its entry; any replica that has reached it shows the write
 * @param copies servers known to hold it when the call was told
 * @param disks servers known to have it on disk for good, synced, when the call was told
 */
public record Receipt(int partition, LogPosition position, int copies, int disks) {

    /** Of which no disk is known to have it. */
    public Receipt(int partition, LogPosition position, int copies) {
        this(partition, position, copies, 0);
    }
}
