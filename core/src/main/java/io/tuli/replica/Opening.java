package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Entry;
import java.util.List;

/**
 * What a take-over has found out, with which the owner opens its epoch.
 *
 * @param epoch promised by every server that may hold entries
 * @param rescuedFork where the changelog that was here has parted from the adopted one
 * @param rescued what only the changelog that was here had: merged after opening
 * @param followers who is known to want entries, and what each has
 */
record Opening(Epoch epoch, long rescuedFork, List<Entry> rescued, List<Known> followers) {

    Opening {
        followers = List.copyOf(followers);
    }

    /**
     * One that will follow.
     *
     * @param counts whether its copy counts
     */
    record Known(MemberId member, LogPosition end, LogPosition committed, boolean counts) {}
}
