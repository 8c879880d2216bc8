package io.tuli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.cluster.SimNetwork.Wire;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member speaks on the wire that its loop was told of last, as one that ships. */
class SimLinksTest {

    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId OTHER = new MemberId(2, 2);
    private static final long LONG_ENOUGH = 10 * Timeline.MILLI;

    private final Timeline timeline = new Timeline(1);
    private final SimNetwork network = new SimNetwork(timeline, Limits.defaults());
    private final SimLinks links =
            new SimLinks(network, SELF, 0, 1, (loop, departure) -> departure.run());
    private final Told self = new Told(SELF);
    private final Told other = new Told(OTHER);

    @BeforeEach
    void theTwoAreConnected() {
        network.add(self);
        network.add(other);
        network.connect(SELF, OTHER);
        timeline.run(LONG_ENOUGH);
        links.up(OTHER, self.up.getFirst());
    }

    @Test
    void whatIsSaidOnAWireArrives() {
        links.send(OTHER, frame(1));
        timeline.run(LONG_ENOUGH);

        assertThat(other.heard).containsExactly(frame(1));
    }

    @Test
    void whatIsSaidOnAWireThatHasBrokenIsLostThoughThereIsANewOne() {
        theyAreConnectedAnew();

        links.send(OTHER, frame(1));
        timeline.run(LONG_ENOUGH);

        assertThat(links.isWritable(OTHER)).isTrue();
        assertThat(other.heard).isEmpty();
    }

    @Test
    void theEndOfAnOlderWireChangesNothing() {
        theyAreConnectedAnew();
        links.up(OTHER, self.up.getLast());

        assertThat(links.down(OTHER, self.down.getFirst())).isFalse();
        links.send(OTHER, frame(1));
        timeline.run(LONG_ENOUGH);

        assertThat(other.heard).containsExactly(frame(1));
    }

    @Test
    void whereNoWireIsKnownNothingIsSaid() {
        assertThat(links.down(OTHER, self.up.getFirst())).isTrue();

        links.send(OTHER, frame(1));
        timeline.run(LONG_ENOUGH);

        assertThat(links.isWritable(OTHER)).isFalse();
        assertThat(other.heard).isEmpty();
    }

    private void theyAreConnectedAnew() {
        network.reset(SELF, OTHER);
        timeline.run(LONG_ENOUGH);
        network.connect(SELF, OTHER);
        timeline.run(LONG_ENOUGH);
        assertThat(self.up).hasSize(2).doesNotHaveDuplicates();
    }

    private static Frame frame(long call) {
        return new Frame.Cancel(call);
    }

    private static final class Told implements SimNetwork.Station {
        private final MemberId id;
        private final List<Wire> up = new ArrayList<>();
        private final List<Wire> down = new ArrayList<>();
        private final List<Frame> heard = new ArrayList<>();

        Told(MemberId id) {
            this.id = id;
        }

        @Override
        public MemberId id() {
            return id;
        }

        @Override
        public void linkUp(MemberId member, Wire wire) {
            up.add(wire);
        }

        @Override
        public void linkDown(MemberId member, Wire wire) {
            down.add(wire);
        }

        @Override
        public void received(MemberId from, Wire wire, Frame frame) {
            heard.add(frame);
        }

        @Override
        public void writable(MemberId member, Wire wire) {}

        @Override
        public boolean isPaused() {
            return false;
        }

        @Override
        public int loops() {
            return 1;
        }
    }
}
