package io.tuli.call;

import org.jspecify.annotations.Nullable;

/**
 * Which of the servers of a service may take a call to whichever of them, and which are to before
 * others. Immutable.
 *
 * @param versions of these alone; null for any
 * @param isNear whether nearer ones go before others: this member, those of its machine, the rest
 */
public record Choice(@Nullable VersionRange versions, boolean isNear) {

    /** Whichever. */
    public static final Choice ANY = new Choice(null, false);

    /** The same for nearer ones first. */
    public Choice near() {
        return new Choice(versions, true);
    }

    /** The same for these versions. */
    public Choice of(VersionRange other) {
        return new Choice(other, isNear);
    }

    /** The versions as a text; empty for any. */
    public String versionsText() {
        return versions == null ? "" : versions.toString();
    }

    /** Whether a server of that version may take the call. */
    public boolean allows(Version version) {
        return versions == null || versions.matches(version);
    }
}
