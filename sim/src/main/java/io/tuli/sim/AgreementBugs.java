package io.tuli.sim;

import io.tuli.agreement.Roster;

/** Planted faults of those who agree on who serves what. */
final class AgreementBugs {

    private AgreementBugs() {}

    /** A member takes its own services for confirmed. */
    static Tampering beginsUnconfirmed() {
        return new Tampering() {
            @Override
            public Roster heard(SimMember by, Roster roster) {
                return new Roster(
                        roster.number(),
                        roster.members(),
                        roster.announcements(),
                        Long.MAX_VALUE);
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
