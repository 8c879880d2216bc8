package io.tuli.planted;

import io.tuli.agreement.Roster;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;

/** Planted faults of those who agree on who serves what. */
final class AgreementBugs {

    private AgreementBugs() {}

    /** A member takes its own services for confirmed. */
    static Tampering beginsUnconfirmed() {
        return new Tampering() {
            @Override
            public Roster heard(Peer by, Roster roster) {
                return new Roster(
                        roster.number(), roster.members(), roster.announcements(), Long.MAX_VALUE);
            }
        };
    }

    /** An announcement is confirmed as it arrives, and acted on when there is time. */
    static Tampering confirmsUnheard() {
        return new Tampering() {
            @Override
            public boolean isConfirmedUnheard() {
                return true;
            }
        };
    }
}
