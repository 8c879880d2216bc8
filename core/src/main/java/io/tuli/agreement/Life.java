package io.tuli.agreement;

import io.tuli.error.Require;

/**
 * What a server of a service that is kept says of itself besides: which life of its directory this
 * is, and what it knows from there. Immutable.
 *
 * @param boot the number of this life; each is higher than the one before
 * @param ring whom it knew to serve the service last
 * @param isRunning whether it acts on a ring of the service; else it has come back, or has just
 *     begun, and looks whether it may
 * @param isDamaged whether something of the service is missing that it had: it counts as not here
 */
public record Life(long boot, KeptRing ring, boolean isRunning, boolean isDamaged) {

    public Life {
        Require.argument(boot >= 0, "a boot number is >= 0", boot);
    }
}
