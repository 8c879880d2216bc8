package io.tuli.compare;

import io.tuli.measure.Child;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sample;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.TuliFleet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A client process without any server: it does nothing, until it fails in the round it is told. */
public final class FailingPeer implements ClientChild.Connector {

    /** Later than any round there is. */
    private static final int NEVER = Integer.MAX_VALUE;

    private FailingPeer() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new FailingPeer()));
    }

    /** Tuli's part in a test. */
    static Contender steady(String name) {
        return contender(name, "", NEVER, "");
    }

    /**
     * @param round counted from 1
     * @param how ends, or says so
     */
    static Contender failing(String name, String rival, int round, String how) {
        return contender(name, rival, round, how);
    }

    private static Contender contender(String name, String rival, int round, String how) {
        return new Contender(
                name, rival, "level", "caveat", "", launcher -> start(launcher, round, how));
    }

    private static Fleet start(Launcher launcher, int round, String how) {
        Options options = launcher.options();
        ChildProcess client = launcher.client("peer", TuliFleet.ours(FailingPeer.class, options));
        Words words = PeerHome.words(options, 0).with("fails", round).with("how", how);
        client.ask("join", words, Duration.ofSeconds(30));
        return new Fleet(List.of(), List.of(), client, Fleet.Holder.NOBODY);
    }

    @Override
    public Rounds connect(Words words, Records records) {
        int fails = words.number("fails");
        return (how, count, round) -> {
            if (round + 1 < fails) {
                return Sample.of(count, 1_000_000, new Histogram(3), 0);
            }
            if (words.text("how").equals("ends")) {
                Runtime.getRuntime().halt(1);
            }
            throw new IllegalStateException("out of order");
        };
    }
}
