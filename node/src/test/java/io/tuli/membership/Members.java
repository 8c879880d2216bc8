package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.secret.LifeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Members for tests; each is a new one. */
final class Members {

    private static final Map<MemberId, LifeKey> LIVES = new ConcurrentHashMap<>();

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
        LifeKey life = LifeKey.make();
        MemberId id = new MemberId(node, LifeKey.incarnation(life.point()));
        LIVES.put(id, life);
        return new Member(id, name, role, "127.0.0.1", port);
    }

    /** The key of a member's life. */
    static LifeKey life(Member member) {
        return LIVES.get(member.id());
    }
}
