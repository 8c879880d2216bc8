package io.tuli.membership;

import io.tuli.protocol.Durations;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * How a member finds a mesh to join, and later other views of the same mesh to merge with. It
 * stands in its JGroups stack where TCPPING would, and is used by the threads of the stack.
 *
 * <p>To join it looks at the beacons on this machine. If some member is in a view it asks that one,
 * else a {@link LocalElection} decides who founds the mesh. A founder without peers to wait for is
 * in its first view after milliseconds, not after a time-out.
 *
 * <p>To merge, a coordinator looks at the beacons and for those that left its view and did not come
 * back; every member looks for its peers outside the view, and talks to its coordinator. So a mesh
 * at rest costs a few messages for each member and interval, not for each pair.
 */
final class MeshDiscovery extends Discovery {

    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Who holds up the election for so long is dialed: it may be a stranger. */
    private static final long DOUBT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static final long LOOK_MILLIS = 20;

    private final Neighbourhood neighbourhood;
    private final ControlLinks links;
    private final MembershipTimings timings;
    private final Outsiders outsiders = new Outsiders();
    private volatile LocalElection election = new LocalElection(Integer.MAX_VALUE);
    private volatile @Nullable Beacon beacon;
    private volatile @Nullable LocalNetwork network;

    MeshDiscovery(Neighbourhood neighbourhood, ControlLinks links, MembershipTimings timings) {
        this.neighbourhood = neighbourhood;
        this.links = links;
        this.timings = timings;
        setId(ClassConfigurator.getProtocolId(TCPPING.class));
        returnEntireCache(true);
    }

    @Override
    public String getName() {
        return "TULI_DISCOVERY";
    }

    /** Nobody has to be told where others are: their addresses say it. */
    @Override
    public boolean isDynamic() {
        return true;
    }

    @Override
    public void handleConnect() {
        network = neighbourhood.hail(where -> ask(List.of(where), view == null));
        Beacon lit = neighbourhood.light(() -> election.standing());
        beacon = lit;
        if (lit != null) {
            election = new LocalElection(neighbourhood.rank(lit.port()));
        }
    }

    @Override
    public void handleDisconnect() {
        extinguish();
    }

    @Override
    public void stop() {
        super.stop();
        extinguish();
    }

    private void extinguish() {
        Beacon lit = beacon;
        beacon = null;
        if (lit != null) {
            lit.close();
        }
        LocalNetwork open = network;
        network = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public @Nullable Object down(Event event) {
        if (event.getType() != Event.VIEW_CHANGE) {
            return super.down(event);
        }
        View next = event.getArg();
        learn(next.getMembers());
        outsiders.viewed(controlAddresses(next.getMembers()));
        Object answer = super.down(event);
        election.viewed(is_coord);
        return answer;
    }

    @Override
    protected void findMembers(
            @Nullable List<Address> members, boolean isInitial, Responses responses) {
        if (isInitial) {
            findMesh(responses);
        } else if (members != null) {
            learn(members);
            ask(controlAddresses(members), false);
        } else {
            findOthers();
        }
    }

    private void findMesh(Responses responses) {
        long patienceNanos = Durations.nanos(timings.joinMax()) / 2;
        long startNanos = System.nanoTime();
        while (!is_leaving
                && !Thread.currentThread().isInterrupted()
                && System.nanoTime() - startNanos < patienceNanos) {
            List<LocalElection.Rival> rivals = neighbourhood.lookAround();
            switch (election.step(rivals)) {
                case LocalElection.Verdict.Follow(List<Sighting> seen) -> {
                    ask(seen.stream().map(neighbourhood::control).toList(), true);
                    if (isAnswered(responses, seen)) {
                        return;
                    }
                }
                case LocalElection.Verdict.Again(boolean isAtOnce) -> {
                    if (System.nanoTime() - startNanos > DOUBT_NANOS) {
                        LocalElection.first(rivals)
                                .forEach(each -> links.reach(neighbourhood.control(each)));
                    }
                    LockSupport.parkNanos(isAtOnce ? 0 : PAUSE.toNanos());
                }
                case LocalElection.Verdict.Found() -> {
                    askPeers(responses);
                    return;
                }
            }
        }
        askPeers(responses);
    }

    /** Waits for an answer, as long as one may come: strangers give none. */
    private boolean isAnswered(Responses responses, List<Sighting> asked) {
        long deadline = System.nanoTime() + Durations.nanos(timings.join());
        while (!responses.waitFor(LOOK_MILLIS)) {
            if (System.nanoTime() - deadline >= 0 || neighbourhood.areLeftOut(asked)) {
                return false;
            }
        }
        return true;
    }

    private void askPeers(Responses responses) {
        LocalNetwork open = network;
        if (open != null) {
            open.ask();
        }
        Set<InetSocketAddress> reachable =
                Neighbourhood.reachable(neighbourhood.peers(), links::reach);
        if (reachable.isEmpty() && open == null) {
            responses.done();
        } else {
            ask(reachable, true);
        }
    }

    private void findOthers() {
        View current = view;
        if (current == null || is_leaving) {
            return;
        }
        if (is_coord) {
            List<InetSocketAddress> others = new ArrayList<>(neighbourhood.peers());
            neighbourhood.lookAround().stream()
                    .map(rival -> neighbourhood.control(rival.sighting()))
                    .forEach(others::add);
            ask(outsiders.with(others), false);
            LocalNetwork open = network;
            if (open != null) {
                open.ask();
            }
        } else {
            ask(controlAddresses(List.of(current.getCoord())), false);
            ask(outsiders.among(neighbourhood.peers()), false);
        }
    }

    private void ask(Collection<InetSocketAddress> addresses, boolean isInitial) {
        IpAddress own = new IpAddress(MemberAddress.control(local_addr).orElseThrow());
        PingData me = new PingData(local_addr, false, NameCache.get(local_addr), own);
        PingHeader header =
                new PingHeader(PingHeader.GET_MBRS_REQ)
                        .clusterName(cluster_name)
                        .initialDiscovery(isInitial);
        for (InetSocketAddress address : addresses) {
            IpAddress to = new IpAddress(address);
            if (!to.equals(own)) {
                send(to, header, me);
            }
        }
    }

    private void send(IpAddress to, PingHeader header, PingData about) {
        down_prot.down(
                new BytesMessage(to)
                        .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
                        .setFlag(Message.TransientFlag.DONT_LOOPBACK)
                        .putHeader(getId(), header)
                        .setArray(marshal(about)));
    }

    @Override
    protected @Nullable Object handle(PingHeader header, Message message) {
        boolean isJoining = header.initialDiscovery();
        if (header.type() == PingHeader.GET_MBRS_REQ && !isJoining) {
            heardOf(message.getSrc());
        }
        return super.handle(header, message);
    }

    /**
     * Who is in a view hears from each member of itself: what others say about third ones is for
     * those who do not know the mesh yet, and would make every look a talk of all with all. But a
     * coordinator is told by its members of those outside.
     */
    @Override
    protected void handleDiscoveryResponse(@Nullable List<PingData> found, Address sender) {
        if (found == null || view == null) {
            super.handleDiscoveryResponse(found, sender);
            return;
        }
        List<PingData> own = new ArrayList<>();
        for (PingData member : found) {
            Address address = member.getAddress() == null ? sender : member.getAddress();
            heardOf(address);
            if (address.equals(sender)) {
                own.add(member);
            }
        }
        super.handleDiscoveryResponse(own, sender);
    }

    /**
     * A merge is led by one of the coordinators, which therefore must each know of the other view:
     * a member that meets somebody from outside tells its own.
     */
    private void heardOf(Address member) {
        View current = view;
        InetSocketAddress where = MemberAddress.control(member).orElse(null);
        if (current == null || where == null || current.containsMember(member)) {
            return;
        }
        boolean isNew = outsiders.note(where);
        if (is_coord && isNew) {
            ask(List.of(where), false);
        } else if (!is_coord) {
            MemberAddress.control(current.getCoord())
                    .ifPresent(
                            coordinator ->
                                    send(
                                            new IpAddress(coordinator),
                                            new PingHeader(PingHeader.GET_MBRS_RSP)
                                                    .clusterName(cluster_name),
                                            new PingData(member, true)));
        }
    }

    private void learn(Collection<Address> members) {
        for (Address member : members) {
            MemberAddress.control(member)
                    .map(
                            control ->
                                    new Tuple<Address, PhysicalAddress>(
                                            member, new IpAddress(control)))
                    .ifPresent(
                            where -> down_prot.down(new Event(Event.ADD_PHYSICAL_ADDRESS, where)));
        }
    }

    private static List<InetSocketAddress> controlAddresses(Collection<Address> members) {
        return members.stream().flatMap(member -> MemberAddress.control(member).stream()).toList();
    }
}
