package io.tuli.measure;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client process of any system: it connects, warms up, runs rounds, and knows what the servers
 * must hold after one.
 */
public final class ClientChild implements Child.Commands {

    private final Connector connector;
    private @Nullable Records records;
    private @Nullable Rounds rounds;

    public ClientChild(Connector connector) {
        this.connector = connector;
    }

    /** What differs from system to system. */
    public interface Connector {

        /** Connects as the words say. */
        Rounds connect(Words words, Records records) throws Exception;

        /** Commands of its own. */
        default Object other(String command, Words words) throws Exception {
            throw new IllegalArgumentException("this client does not " + command);
        }
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "join" -> join(words);
            case "warm" -> warm(words);
            case "run" -> round(words, words.large("count"), words.large("round"));
            case "expected" -> expected(words);
            default -> connector.other(command, words);
        };
    }

    private Object join(Words words) throws Exception {
        Records made =
                new Records(words.number("keys"), words.number("size"), words.text("prefix", ""));
        records = made;
        long began = System.nanoTime();
        rounds = connector.connect(words, made);
        return Map.of("nanos", System.nanoTime() - began);
    }

    /** Runs for so many seconds or so many messages, whichever comes first; answers the last. */
    private Sample warm(Words words) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(words.large("seconds")).toNanos();
        long count = words.large("count");
        Sample last = round(words, count, -1);
        long sent = count;
        for (long round = -2; sent < words.large("messages") && System.nanoTime() < end; round--) {
            last = round(words, count, round);
            sent += count;
        }
        return last;
    }

    private Sample round(Words words, long count, long round) throws Exception {
        Rounds known = rounds;
        if (known == null) {
            throw new IllegalStateException("a client joins first");
        }
        return known.run(words, count, round);
    }

    private Object expected(Words words) {
        Records known = records;
        if (known == null) {
            throw new IllegalStateException("a client joins first");
        }
        long sum = known.sum(words.large("round"), words.large("count"));
        return Map.of("count", known.count(), "sum", sum);
    }
}
