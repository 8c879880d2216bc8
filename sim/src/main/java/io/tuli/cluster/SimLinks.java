package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.cluster.SimNetwork.Wire;
import io.tuli.member.LinkTable;
import io.tuli.member.Network;
import io.tuli.protocol.Frame;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ways out of one loop of a simulated member, as it was told of them and not as they are: what
 * it says on a wire that has broken meanwhile is lost, though there may be a new one. What it says
 * on a wire of another loop goes by way of that one. One thread.
 */
final class SimLinks implements Network {

    private final SimNetwork network;
    private final MemberId self;
    private final int loop;
    private final int messageBytes;
    private final BiConsumer<Integer, Runnable> elsewhere;
    private final LinkTable<Way> links;

    /**
     * @param elsewhere gets what is to leave by way of another loop, and that loop's number
     */
    SimLinks(World world, Peer member, int loop, BiConsumer<Integer, Runnable> elsewhere) {
        this(world.network(), member.id(), loop, member.limits().messageBytes(), elsewhere);
    }

    SimLinks(
            SimNetwork network,
            MemberId self,
            int loop,
            int messageBytes,
            BiConsumer<Integer, Runnable> elsewhere) {
        this.network = network;
        this.self = self;
        this.loop = loop;
        this.messageBytes = messageBytes;
        this.elsewhere = elsewhere;
        this.links = new LinkTable<>(self);
    }

    void up(MemberId member, Wire wire) {
        links.up(member, way(member, wire));
    }

    /** False if it was another wire to the member, or none: then nothing has changed. */
    boolean down(MemberId member, Wire wire) {
        return links.down(member, way(member, wire));
    }

    private Way way(MemberId to, Wire wire) {
        return new Way(wire, to, messageBytes);
    }

    @Nullable Wire find(MemberId member) {
        Way way = links.find(member);
        return way == null ? null : way.wire;
    }

    void writable(MemberId member) {
        links.writable(member);
    }

    @Override
    public boolean isOpen(MemberId to) {
        return links.isOpen(to);
    }

    @Override
    public boolean isWritable(MemberId to) {
        return links.isWritable(to);
    }

    @Override
    public int messageBytesMax() {
        return links.messageBytesMax();
    }

    @Override
    public void send(MemberId to, Frame frame) {
        Way way = links.find(to);
        if (way == null || way.wire.isBroken()) {
            return;
        }
        Runnable departure = network.departure(way.wire, self, to, frame);
        int of = way.wire.loopAt(self);
        if (of == loop) {
            departure.run();
        } else {
            elsewhere.accept(of, departure);
        }
    }

    /** All members take messages of the same length, so it does not matter who serves. */
    private record Way(Wire wire, MemberId to, int messageBytes) implements LinkTable.Way {

        @Override
        public boolean isToServer() {
            return true;
        }

        @Override
        public boolean isWritable() {
            return wire.isWritable(to);
        }
    }
}
