package io.tuli.membership;

import io.tuli.Member;
import io.tuli.handshake.Refusal;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the servers of a mesh for who is no member of the group, and so is looked for by
 * nobody: by beacons on this machine, at the peers that the user named, on the local network. What
 * it finds are hints. Blocks, at most a moment; one thread.
 */
public final class Seeker implements AutoCloseable {

    private final Neighbourhood neighbourhood;
    private final Strayed strayed = new Strayed();
    private final @Nullable LocalNetwork network;

    /**
     * Begins to look.
     *
     * @param found told, on another thread, where somebody on the local network says a member is
     */
    public Seeker(MembershipConfig config, Member self, Consumer<InetSocketAddress> found) {
        InetSocketAddress nowhere = new InetSocketAddress(config.bind(), LocalNetwork.SEEKER);
        this.neighbourhood = new Neighbourhood(config, nowhere, self, strayed);
        this.network = neighbourhood.hail(found);
    }

    /** Where servers may be; those on the local network are told when they answer. */
    public Set<InetSocketAddress> look() {
        LocalNetwork open = network;
        if (open != null) {
            open.ask();
        }
        Set<InetSocketAddress> where = new LinkedHashSet<>(neighbourhood.servers());
        List<InetSocketAddress> peers = List.copyOf(neighbourhood.peers());
        long now = System.nanoTime();
        peers.stream().filter(each -> !strayed.hasRefused(each, now)).forEach(where::add);
        return where;
    }

    /** Whether there may be members that answer later. */
    public boolean asksTheNetwork() {
        return network != null;
    }

    /** Nobody of this mesh was there, or somebody who refused this member. */
    public void failed(InetSocketAddress where, Refusal refusal) {
        strayed.failed(where, refusal, System.nanoTime());
    }

    /** Whether somebody was met who has another secret. */
    public boolean hasMetStrangers() {
        return strayed.hasMetStrangers();
    }

    @Override
    public void close() {
        LocalNetwork open = network;
        if (open != null) {
            open.close();
        }
    }
}
