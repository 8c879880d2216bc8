package io.tuli.compare;

import io.tuli.run.Fleet;
import io.tuli.run.Launcher;

/**
 * One system doing one work.
 *
 * @param name of the system and its work
 * @param rival which work of Tuli it is compared with; empty for Tuli's own
 * @param level how far a message has got when it is answered
 * @param caveat what a reader must know to be fair
 * @param missing why it cannot be run here; empty where it can
 * @param starter starts its processes
 */
record Contender(
        String name, String rival, String level, String caveat, String missing, Starter starter) {

    /** Starts the processes of a system, connected and ready. */
    @FunctionalInterface
    interface Starter {
        Fleet start(Launcher launcher);
    }

    boolean isOurs() {
        return rival.isEmpty();
    }

    boolean isInstalled() {
        return missing.isEmpty();
    }
}
