package io.tuli.agreement;

import io.tuli.error.Require;

/**
 * One member says to another: I have heard you, and will never act again as if I had not.
 *
 * @param heard the version of the other's announcement
 * @param version that of its own, as it was after it had heard the other
 */
public record Confirmation(long heard, long version) {

    public Confirmation {
        Require.argument(heard >= 0, "what is confirmed has a version >= 0", heard);
        Require.argument(version >= 0, "an announcement's version must be >= 0", version);
    }
}
