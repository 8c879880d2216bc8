package io.tuli.staging;

import io.tuli.storage.JournalException;
import java.time.Duration;

/** Who hears what becomes of what was staged. On the disk's thread, unless said; returns soon. */
public interface DiskListener {

    /** All that this loop had put up to that ticket is as safe as it was asked to be. */
    void kept(int loop, long ticket);

    /** Whether a loop has that partition, and can give it anew. */
    boolean isOpen(int service, int partition);

    /** Its loop is to give all there is of a partition anew, soon. */
    void keepAnew(int service, int partition);

    /**
     * The disk has no room for another segment, or has again: what is on its way is kept all the
     * same while it fits, but nothing new is to be begun.
     */
    void room(boolean hasRoom, String why);

    /** A write or a sync failed: nothing more is kept by this process. Once. */
    void failed(JournalException why);

    /** The disk has been at one write or sync for so long. Any thread; seldom. */
    void slow(Duration busy);

    /** It has been for so long that it is given up: nothing more is kept. Once; any thread. */
    void stuck(Duration busy);
}
