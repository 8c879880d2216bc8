package io.tuli.protocol;

import io.tuli.error.Require;

/**
 * That somebody wants what is published under subjects of a pattern.
 *
 * @param service its number
 * @param group one of which gets each; empty for those who each get all
 * @param isRelayed whether it is of clients to which the member that says so passes it on
 * @param count how many want it there; 0: nobody any more
 */
public record InterestItem(
        int service, String pattern, String group, boolean isRelayed, int count) {

    /** Longest name of a group, in UTF-8. */
    public static final int GROUP_BYTES_MAX = 64;

    public InterestItem {
        Require.argument(count >= 0, "a count is never negative", count);
    }

    /** The same of so many. */
    public InterestItem of(int other) {
        return new InterestItem(service, pattern, group, isRelayed, other);
    }

    /** Which item it is, whatever its count. */
    public InterestItem key() {
        return count == 0 ? this : of(0);
    }

    public boolean isOfGroup() {
        return !group.isEmpty();
    }
}
