package io.tuli;

import io.tuli.error.Printable;

/**
 * A process in the mesh, as the others see it. Immutable. Its name and its host are what it says of
 * itself: what in them would give orders to a terminal or forge a line of a log is written as JSON
 * writes it, as a backslash, a u and four digits.
 *
 * @param id this life of the member
 * @param name for people; unique enough to tell members apart, never used to decide anything
 * @param role whether it may own partitions
 * @param host address of its data port as the others reach it
 * @param port its data port; 0 for a client that accepts no links
 */
public record Member(MemberId id, String name, Role role, String host, int port) {

    public Member {
        name = Printable.line(name);
        host = Printable.line(host);
    }

    public boolean isServer() {
        return role == Role.SERVER;
    }

    /** {@code host:port} of the data plane. */
    public String address() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return name + " (" + role + " " + address() + ")";
    }

    /** What a member may do. */
    public enum Role {
        /** Owns a share of the partitions of the services it serves, replicates the rest. */
        SERVER,
        /** Owns nothing; sends straight to owners and holds live replicas. */
        CLIENT
    }
}
