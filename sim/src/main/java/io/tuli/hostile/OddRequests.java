package io.tuli.hostile;

import io.tuli.Commit;
import io.tuli.Limits;
import io.tuli.RequestId;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests that nobody meant, from a seed: equal seeds, equal requests. One thread. */
public final class OddRequests {

    private static final int HEADERS_MANY = 300;

    private final SplittableRandom random;
    private final Limits limits;
    private final OddTexts texts;
    private final OddBodies bodies;
    private final String[] builtIn = Verbs.BUILT_IN.stream().sorted().toArray(String[]::new);
    private final String[] mischief = Mischief.verbs();
    private long ids;

    public OddRequests(SplittableRandom random, Limits limits) {
        this.random = random;
        this.limits = limits;
        this.texts = new OddTexts(random, limits);
        this.bodies = new OddBodies(random, limits, texts);
    }

    public OddRequest next() {
        return new OddRequest(
                verb(), texts.key(), bodies.next(), headers(), id(), within(), commit());
    }

    /** Another one of the same id: word for word, or of another verb, key or body. */
    public OddRequest again(OddRequest first) {
        int other = random.nextInt(6);
        return new OddRequest(
                other == 0 ? verb() : first.verb(),
                other == 1 ? texts.key() : first.key(),
                other == 2 ? bodies.next() : first.body(),
                first.headers(),
                first.id(),
                within(),
                first.commit());
    }

    private String verb() {
        return switch (random.nextInt(10)) {
            case 0 -> texts.verb();
            case 1, 2 -> texts.any(mischief);
            default -> texts.any(builtIn);
        };
    }

    private SortedMap<String, String> headers() {
        if (random.nextInt(8) > 0) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, String> headers = new TreeMap<>();
        int count = random.nextInt(8) == 0 ? HEADERS_MANY : 1;
        for (int i = 0; i < count; i++) {
            headers.put(texts.name() + i, random.nextInt(30) == 0 ? large() : texts.name());
        }
        return headers;
    }

    private String large() {
        return texts.about("h", limits.messageBytes());
    }

    /** Mostly none: an id of one's own is for one request. */
    private RequestId id() {
        ids++;
        return switch (random.nextInt(20)) {
            case 0 -> new RequestId(0, ids);
            case 1 -> new RequestId(-1, -ids);
            case 2 -> new RequestId(Long.MIN_VALUE + ids, Long.MAX_VALUE);
            case 3 -> named(texts.name() + ids);
            default -> RequestId.NONE;
        };
    }

    /** A name that is no text is refused where the id is made. */
    private static RequestId named(String name) {
        try {
            return RequestId.named(name);
        } catch (IllegalArgumentException refused) {
            return RequestId.NONE;
        }
    }

    private @Nullable Duration within() {
        return switch (random.nextInt(12)) {
            case 0 -> Duration.ofNanos(1);
            case 1 -> Duration.ofMillis(random.nextInt(1, 40));
            case 2 -> Duration.ofSeconds(Long.MAX_VALUE);
            case 3 -> random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(-1);
            default -> Duration.ofMillis(random.nextInt(40, 8_000));
        };
    }

    private Commit commit() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextBoolean() ? Commit.copies(127) : Commit.disks(2);
            case 1 -> Commit.copies(random.nextInt(1, 8));
            default -> Commit.safe();
        };
    }
}
