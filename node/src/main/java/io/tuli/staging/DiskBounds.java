package io.tuli.staging;

import io.tuli.error.Require;
import java.time.Duration;
import java.util.function.IntToLongFunction;

/**
 * What a disk may take, and how soon it must have it.
 *
 * @param segmentBytes of each file of the journal
 * @param journalBytes what all of them may take; 0 where that follows from what is kept
 * @param journalBytesLeast what they may take at least, where it does
 * @param stagedBytes what may wait for it of one loop before new work is refused
 * @param reserveBytes what must be left of the segment in use while there is no room for another
 * @param freeBytes stay free on the disk: no segment is made that would leave less
 * @param slow when one write or sync is told of
 * @param stuck when it is given up
 * @param syncNanos within what time records of a service, by its number, must be on disk for good,
 *     where that is not at once; any thread
 */
public record DiskBounds(
        int segmentBytes,
        long journalBytes,
        long journalBytesLeast,
        int stagedBytes,
        long reserveBytes,
        long freeBytes,
        Duration slow,
        Duration stuck,
        IntToLongFunction syncNanos) {

    public DiskBounds {
        Require.argument(journalBytes >= 0, "a journal's bytes must be >= 0", journalBytes);
        Require.argument(stagedBytes > 0, "what is staged must be > 0", stagedBytes);
        Require.argument(reserveBytes >= 0, "a reserve must be >= 0", reserveBytes);
        Require.argument(freeBytes >= 0, "what stays free must be >= 0", freeBytes);
    }
}
