package io.tuli.agreement;

import java.util.List;

/** Whether a kept service goes on at a member, and if not, why. */
public sealed interface Restart {

    /** It does, or there was never anything to wait for. */
    record Begun() implements Restart {

        @Override
        public String text() {
            return "";
        }
    }

    /**
     * Nobody runs it, and too few are here of those who had it.
     *
     * @param missing who had it, and is not here; empty where nobody ever had it
     * @param here how many servers of it are here and count
     * @param expected how many must be here before it is founded
     */
    record Waits(List<KeptRing.Server> missing, int here, int expected) implements Restart {

        @Override
        public String text() {
            if (missing.isEmpty()) {
                return here < expected
                        ? "the service is founded once enough servers are here: expected="
                                + expected
                                + " here="
                                + here
                        : "its servers are about to go on";
            }
            return "the service waits for servers that had it and are not back: nodes="
                    + KeptRing.nodes(missing)
                    + " here="
                    + here
                    + "; start them, or give up those that are lost by restart.need=any";
        }
    }

    /** This member counts as not here, whoever else is. */
    record Refused(String text) implements Restart {}

    /** For people; empty where it has begun. */
    String text();
}
