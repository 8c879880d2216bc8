package io.tuli.measure;

import java.util.List;

/** Rounds of messages each of which is answered by a future. */
public final class SenderRounds implements Rounds {

    private final List<Sender> senders;
    private final int window;

    /**
     * @param senders a thread each; all but a pipeline use the first alone
     */
    public SenderRounds(List<Sender> senders, int window) {
        this.senders = List.copyOf(senders);
        this.window = window;
    }

    @Override
    public Sample run(Words how, long count, long round) throws Exception {
        Sender first = senders.getFirst();
        return switch (how.text("how", "pipeline")) {
            case "pipeline" -> new Pipeline(senders, window).run(count, round);
            case "closed" -> new ClosedLoop(first).run(count, round);
            case "open" -> new OpenLoop(first, how.large("rate")).run(count, round);
            case "burst" -> new Bursts(first, window).run(count, round);
            default -> throw new IllegalArgumentException("no one sends like this: " + how);
        };
    }
}
