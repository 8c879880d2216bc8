package io.tuli.cluster;

import io.tuli.Epoch;
import java.util.HashMap;
import java.util.Map;

/**
 * What servers promise. I6: a promise never goes back. I13: servers mint epochs, one above those
 * that servers knew, whatever a client says. One thread.
 */
final class PromisedEpochs {

    /** So many may be minted in one step: candidates outbid each other. */
    private static final int IN_A_STEP_MOST = 16;

    private final World world;
    private final Map<Long, Integer> highest = new HashMap<>();

    PromisedEpochs(World world) {
        this.world = world;
    }

    void check(Peer member, Hosted hosted, int partition, Epoch epoch) {
        Epoch before = hosted.promises[partition];
        if (epoch.equals(before)) {
            return;
        }
        hosted.promises[partition] = epoch;
        if (!hosted.spec.isServed()) {
            return; // It has no vote, and may begin anew.
        }
        String facts = before + " then " + epoch + " at " + member;
        if (before.isAfter(epoch)) {
            throw world.breach("I6 a promise never goes back", facts);
        }
        long place = ((long) hosted.number() << Integer.SIZE) | partition;
        int known = highest.getOrDefault(place, 0);
        if (epoch.number() > known + IN_A_STEP_MOST) {
            throw world.breach("I13 servers alone mint epochs", facts + " known " + known);
        }
        highest.put(place, Math.max(known, epoch.number()));
    }
}
