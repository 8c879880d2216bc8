package io.tuli.view;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ServiceReport;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.ServiceReport.PartitionReport;
import java.util.List;

/** Reports as members would give them. */
final class Reports {

    private Reports() {}

    static Member server(int number) {
        return new Member(
                new MemberId(number, number),
                "n" + number,
                Member.Role.SERVER,
                "127.0.0.1",
                7400 + number);
    }

    static Member client(int number) {
        MemberId id = new MemberId(number, number);
        return new Member(id, "c" + number, Member.Role.CLIENT, "127.0.0.1", 0);
    }

    /** A server in sync that owns nothing. */
    public static ServiceReport of(String service, Member member, long digest) {
        boolean isServing = member.isServer();
        return new ServiceReport(
                service, member, isServing, "ready", 86, 170, 1_204, 0, 0, digest, 3, 8_040_000,
                List.of());
    }

    /** A client that only sends. */
    static ServiceReport sender(String service, Member member) {
        return new ServiceReport(
                service, member, false, "ready", 0, 0, 0, 0, 0, 0, 0, 1_000, List.of());
    }

    /** The owner of one partition of a service. */
    static ServiceReport owner(
            String service, Member member, int partition, FollowerReport... followers) {
        PartitionReport report =
                new PartitionReport(
                        partition,
                        new Epoch(4, member.id().incarnation()),
                        "owner",
                        new LogPosition(new Epoch(4, member.id().incarnation()), 20),
                        20,
                        List.of(followers));
        return new ServiceReport(
                service, member, true, "ready", 1, 0, 20, 0, 0, 7, 3, 1_000, List.of(report));
    }
}
