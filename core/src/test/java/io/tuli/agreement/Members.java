package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import java.util.concurrent.atomic.AtomicLong;

/** Members for tests; each is a new one. */
final class Members {

    private static final AtomicLong NEXT = new AtomicLong(1);

    private Members() {}

    static Member server(String name) {
        return member(name, Member.Role.SERVER);
    }

    static Member client(String name) {
        return member(name, Member.Role.CLIENT);
    }

    private static Member member(String name, Member.Role role) {
        MemberId id = new MemberId(NEXT.getAndIncrement(), NEXT.getAndIncrement());
        return new Member(id, name, role, "127.0.0.1", 0);
    }
}
