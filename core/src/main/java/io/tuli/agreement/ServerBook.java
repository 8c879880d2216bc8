package io.tuli.agreement;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ServiceDescription;
import io.tuli.protocol.Servers;
import io.tuli.protocol.Servers.Distance;
import io.tuli.protocol.Servers.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which servers of each service this member's loops were told of last, so that they are told of
 * those that are others. Not thread-safe.
 */
public final class ServerBook {

    private final MemberId self;
    private final Map<String, Servers> told = new HashMap<>();

    public ServerBook(MemberId self) {
        this.self = self;
    }

    /** Who serves it now, if the loops are to be told; null if they know. */
    public @Nullable Servers renew(Roster roster, String service) {
        List<Server> all = new ArrayList<>();
        for (MemberId member : roster.servers(service)) {
            ServiceDescription said =
                    roster.offer(member, service)
                            .map(Offer::description)
                            .orElse(ServiceDescription.NONE);
            int share = said.share().orElse(Server.UNSAID);
            all.add(new Server(member, said.version(), share, distance(roster, member)));
        }
        return renew(service, new Servers(roster.isComplete(), all));
    }

    /** Who is reached at the same host as this member is on its machine. */
    private Distance distance(Roster roster, MemberId member) {
        if (member.equals(self)) {
            return Distance.THIS_MEMBER;
        }
        String here = roster.member(self).map(Member::host).orElse("");
        String there = roster.member(member).map(Member::host).orElse("");
        return !here.isEmpty() && here.equals(there) ? Distance.THIS_MACHINE : Distance.ELSEWHERE;
    }

    /** A service that is kept in this member's process, if the loops are to be told. */
    public @Nullable Servers renewOwn(String service, ServiceDescription said) {
        int share = said.share().orElse(Server.UNSAID);
        Server own = new Server(self, said.version(), share, Distance.THIS_MEMBER);
        return renew(service, new Servers(true, List.of(own)));
    }

    private @Nullable Servers renew(String service, Servers servers) {
        return servers.equals(told.put(service, servers)) ? null : servers;
    }

    /** The loops begin anew with the service: they are to be told again. */
    public void forget(String service) {
        told.remove(service);
    }
}
