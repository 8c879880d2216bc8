package io.tuli.swarm;

import io.tuli.MemberId;
import io.tuli.cluster.SimNetwork;
import io.tuli.cluster.Timeline;
import io.tuli.cluster.World;
import io.tuli.protocol.Frame;

/**
 * A server that serves nothing here, is linked to all, and says what it is told to say. It hears
 * everything and answers nothing. One thread.
 */
final class Rogue implements SimNetwork.Station {

    private static final long CONNECTS_NANOS = 20 * Timeline.MILLI;

    private final World world;
    private final MemberId id;

    Rogue(World world, MemberId id) {
        this.world = world;
        this.id = id;
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

    /** Says it to a member, if there is a link. */
    void say(MemberId to, Frame frame) {
        world.network().send(id, to, frame);
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
