package io.tuli.sim;

import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.cluster.ClusterMember;

/** One member of a simulated mesh. While it is paused, what reaches it waits. One thread. */
public final class SimMember {

    private final SimCluster cluster;
    private final ClusterMember inside;

    SimMember(SimCluster cluster, ClusterMember inside) {
        this.cluster = cluster;
        this.inside = inside;
    }

    public MemberId id() {
        return inside.id();
    }

    public boolean isServer() {
        return inside.isServer();
    }

    /** Not killed, and has not left. */
    public boolean isAlive() {
        return inside.isAlive();
    }

    public boolean isPaused() {
        return inside.isPaused();
    }

    /**
     * The service on this member: served by a server, used with a live replica by a client. The
     * handler runs inline, on the one thread of the simulation, whatever the configuration says.
     *
     * @throws IllegalArgumentException when it folds a service that the member does not have yet
     */
    public <T> SimService<T> service(ServiceConfig<T> config) {
        return new SimService<>(cluster, this, inside.service(config));
    }

    ClusterMember inside() {
        return inside;
    }

    @Override
    public String toString() {
        return inside.toString();
    }
}
