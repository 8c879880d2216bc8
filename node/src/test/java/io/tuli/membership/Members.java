package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.concurrent.ThreadLocalRandom;

/** Members for tests; each is a new one. */
final class Members {

    private Members() {}

    static Member server(String name) {
        return member(name, Member.Role.SERVER);
    }

    static Member client(String name) {
        return member(name, Member.Role.CLIENT);
    }

    static Member member(String name, Member.Role role) {
        return again(ThreadLocalRandom.current().nextLong(), name, role, 0);
    }

    /** With a data port. */
    static Member on(int port, String name) {
        return again(ThreadLocalRandom.current().nextLong(), name, Member.Role.SERVER, port);
    }

    /** Another life of a node. */
    static Member again(long node, String name, Member.Role role, int port) {
        MemberId id = new MemberId(node, ThreadLocalRandom.current().nextLong());
        return new Member(id, name, role, "127.0.0.1", port);
    }
}
