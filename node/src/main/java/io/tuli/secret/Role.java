package io.tuli.secret;

import io.tuli.Member;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a member may be: which of them it is, its credentials prove. The ordinal is the number on
 * the wire.
 */
public enum Role {
    /** Owns and replicates. */
    SERVER,
    /** Asks and follows. */
    CLIENT,
    /** A client that may also ask members how they are. */
    OPERATOR,
    /** A client that changes nothing. */
    READ_ONLY;

    /** As it is written: {@code read-only}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The role of this name; empty of any other text. */
    public static Optional<Role> parse(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }

    /** All roles, for errors. */
    static String all() {
        return "server, client, operator or read-only";
    }

    /** Whether who may be this may be that: who may do more may also do less. */
    public boolean covers(Role other) {
        return switch (this) {
            case SERVER -> true;
            case OPERATOR -> other != SERVER;
            case CLIENT -> other == CLIENT || other == READ_ONLY;
            case READ_ONLY -> other == READ_ONLY;
        };
    }

    /** What it is to the membership, which tells servers from all others. */
    public Member.Role inMesh() {
        return this == SERVER ? Member.Role.SERVER : Member.Role.CLIENT;
    }

    /** The role of a member that is no more than a server or a client. */
    public static Role of(Member.Role role) {
        return role == Member.Role.SERVER ? SERVER : CLIENT;
    }
}
