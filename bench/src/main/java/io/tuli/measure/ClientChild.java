package io.tuli.measure;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client process of any system: it connects, warms up, runs rounds, and knows what the servers
 * must hold after all of them. Told to join again it does so in addition: with more connections,
 * more keys, or another work.
 */
public final class ClientChild implements Child.Commands {

    private final Connector connector;
    private final Held held = new Held();
    private Words joined = Words.none();
    private @Nullable Records records;
    private @Nullable Rounds rounds;

    public ClientChild(Connector connector) {
        this.connector = connector;
    }

    /** What differs from system to system. */
    public interface Connector {

        /** Connects as the words say; asked again, it keeps what it has and adds what it lacks. */
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
            case "expected" -> held.expected(records());
            default -> connector.other(command, words);
        };
    }

    private Object join(Words words) throws Exception {
        int keys = words.number("keys");
        Records made = records;
        if (made == null || made.count() != keys) {
            made = new Records(keys, words.number("size"), words.text("prefix", ""));
            records = made;
        }
        joined = words;
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
        Sample sample = known.run(words, count, round);
        if (!joined.text("work", "update").equals("reply")) { // which writes nothing
            int services = Integer.parseInt(joined.text("services", "1"));
            held.wrote(services, records().count(), count, round);
        }
        return sample;
    }

    private Records records() {
        Records known = records;
        if (known == null) {
            throw new IllegalStateException("a client joins first");
        }
        return known;
    }
}
