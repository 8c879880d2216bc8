package io.tuli.swarm;

import io.tuli.MemberId;
import io.tuli.cluster.Hosted;
import io.tuli.cluster.SimNetwork;
import io.tuli.cluster.Timeline;
import io.tuli.cluster.World;
import io.tuli.protocol.Frame;
import java.util.SplittableRandom;

/**
 * A server that serves nothing here, is linked to all, and lies about what others serve. It hears
 * everything and answers nothing. One thread.
 */
final class Rogue implements SimNetwork.Station {

    private static final long CONNECTS_NANOS = 20 * Timeline.MILLI;

    private final World world;
    private final MemberId id;
    private final Lies lies;

    Rogue(World world, MemberId id, SplittableRandom random) {
        this.world = world;
        this.id = id;
        this.lies = new Lies(id, random);
        world.network().add(this);
        keepConnected();
    }

    private void keepConnected() {
        world.timeline()
                .after(
                        CONNECTS_NANOS,
                        () -> {
                            world.living().forEach(each -> world.network().connect(id, each.id()));
                            keepConnected();
                        });
    }

    /** Tells a member something about a service that it has, if there is a link. */
    void lie(MemberId to, Hosted about) {
        world.network().send(id, to, lies.next(about));
    }

    @Override
    public MemberId id() {
        return id;
    }

    @Override
    public void linkUp(MemberId member, SimNetwork.Wire wire) {}

    @Override
    public void linkDown(MemberId member, SimNetwork.Wire wire) {}

    @Override
    public void received(MemberId from, SimNetwork.Wire wire, Frame frame) {}

    @Override
    public void writable(MemberId member, SimNetwork.Wire wire) {}

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public int loops() {
        return 1;
    }
}
