package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Payload;
import io.tuli.log.StateHash;
import io.tuli.log.Stored;
import io.tuli.log.StoredWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedStateTest {
    private static final long SEED = Long.getLong("tuli.seed", 20_260_101L);

    private final SharedState state = new SharedState();

    @Test
    void digestIsTheSumOverAllDocuments() {
        Random random = new Random(SEED);
        Map<String, Payload> model = new HashMap<>();
        for (int step = 0; step < 2_000; step++) {
            String key = "k" + random.nextInt(50);
            if (random.nextInt(3) == 0) {
                state.put(key, null);
                model.remove(key);
            } else {
                Payload value = Payload.json(Integer.toString(random.nextInt()));
                state.put(key, stored(value));
                model.put(key, value);
            }
            assertThat(state.digest()).as("-Dtuli.seed=%d", SEED).isEqualTo(sum(model));
            assertThat(state.size()).isEqualTo(model.size());
        }
    }

    @Test
    void equalDocumentsHaveEqualDigestsWhateverTheirHistory() {
        SharedState other = new SharedState();
        state.put("a", stored(Payload.json("1")));
        state.put("b", stored(Payload.json("2")));
        other.put("b", stored(Payload.json("7")));
        other.put("c", stored(Payload.json("3")));
        other.put("b", stored(Payload.json("2")));
        other.put("a", stored(Payload.json("1")));
        other.put("c", null);

        assertThat(other.digest()).isEqualTo(state.digest());
    }

    @Test
    void clearedStateIsAsNew() {
        state.put("a", stored(Payload.json("1")));

        state.clear();

        assertThat(state.digest()).isZero();
        assertThat(state.size()).isZero();
        assertThat(state.get("a")).isNull();
    }

    @Test
    void whatIsFilledAsideIsThereAtOnceAndNothingElse() {
        state.put("a", stored(Payload.json("1")));
        state.put("b", stored(Payload.json("2")));
        SharedState filled = state.anew(2);
        filled.put("b", stored(Payload.json("3")));
        filled.put("c", stored(Payload.json("4")));
        long digest = filled.digest();

        state.become(filled);

        assertThat(state.get("a")).isNull();
        assertThat(state.get("b")).isEqualTo(stored(Payload.json("3")));
        assertThat(state.get("c")).isEqualTo(stored(Payload.json("4")));
        assertThat(state.size()).isEqualTo(2);
        assertThat(state.digest()).isEqualTo(digest);
    }

    @Test
    void whatIsWrittenAsBytesAndPutElsewhereIsTheSame() {
        Random random = new Random(SEED);
        for (int step = 0; step < 5_000; step++) {
            String key = (step % 7 == 0 ? "sch\u00f6n" : "k") + random.nextInt(2_000);
            Payload value = Payload.opaque(new byte[random.nextInt(300)]);
            state.put(
                    key,
                    random.nextInt(5) == 0
                            ? null
                            : new Stored(value, random.nextInt(1 << 30), random.nextLong()));
        }
        StoredWriter writer = new StoredWriter(10_000);
        SharedState other = new SharedState();

        state.writeTo(writer);
        writer.runs().forEach(run -> run.forEach(other::put));

        assertThat(documents(other)).as("-Dtuli.seed=%d", SEED).isEqualTo(documents(state));
        assertThat(other.digest()).isEqualTo(state.digest());
        assertThat(other.size()).isEqualTo(state.size());
    }

    private static Map<String, Stored> documents(SharedState state) {
        Map<String, Stored> documents = new HashMap<>();
        state.forEach(documents::put);
        return documents;
    }

    @Test
    void offsetsAndTimesOfAnySizeAreKeptExactly() {
        Random random = new Random(SEED);
        Map<String, Stored> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String key = (step % 3 == 0 ? "k".repeat(300) : "k") + random.nextInt(500);
            long offset = random.nextLong() >>> (1 + random.nextInt(63));
            long time = random.nextLong() >> random.nextInt(64);
            Payload value = Payload.opaque(new byte[random.nextInt(300)]);
            Stored stored = new Stored(value, offset, time);
            state.put(key, stored);
            model.put(key, stored);
        }
        model.forEach(
                (key, stored) ->
                        assertThat(state.get(key)).as("-Dtuli.seed=%d", SEED).isEqualTo(stored));
    }

    @Test
    void documentsStayWhatTheyAreWhileTheirBytesMove() {
        Random random = new Random(SEED);
        Map<String, Payload> model = new HashMap<>();
        for (int step = 0; step < 60_000; step++) {
            String key = "schlüssel" + random.nextInt(3_000);
            if (random.nextInt(4) == 0) {
                state.put(key, null);
                model.remove(key);
            } else {
                byte[] value = new byte[random.nextInt(500) == 0 ? 40_000 : random.nextInt(200)];
                random.nextBytes(value);
                state.put(key, stored(Payload.opaque(value)));
                model.put(key, Payload.opaque(value));
            }
        }

        Map<String, Payload> held = new HashMap<>();
        state.forEach((key, stored) -> held.put(key, stored.document()));
        assertThat(held).as("-Dtuli.seed=%d", SEED).isEqualTo(model);
        model.forEach((key, value) -> assertThat(state.get(key)).isEqualTo(stored(value)));
        assertThat(state.get("schlüssel")).isNull();
        assertThat(state.digest()).isEqualTo(sum(model));
    }

    @Test
    void readersFindWhatIsThereAllTheTimeWhateverHappensAround() throws InterruptedException {
        state.put("steady", stored(Payload.json("1")));
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicReference<String> missed = new AtomicReference<>();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!isDone.get()) {
                                        if (state.get("steady") == null) {
                                            missed.set("a document that was never removed");
                                        }
                                    }
                                });

        for (int i = 0; i < 200_000; i++) {
            String key = "k" + i % 2_000;
            state.put(key, i % 5 == 0 ? null : stored(Payload.json("\"" + i + "\"")));
        }
        isDone.set(true);
        reader.join(10_000);

        assertThat(missed.get()).isNull();
    }

    @Test
    void readersNeverSeeAHalfWrittenDocument() throws InterruptedException {
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicReference<String> torn = new AtomicReference<>();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!isDone.get()) {
                                        state.forEach((key, stored) -> check(key, stored, torn));
                                    }
                                });

        for (int i = 0; i < 20_000; i++) {
            String key = "k" + i % 7;
            state.put(key, i % 5 == 0 ? null : stored(Payload.json("\"" + key + "\"")));
        }
        isDone.set(true);
        reader.join(10_000);

        assertThat(reader.isAlive()).isFalse();
        assertThat(torn.get()).isNull();
    }

    @Test
    void aDigestTakenWhileDocumentsChangeEndsAndTheLastOneIsRight() throws Exception {
        Map<String, Payload> model = new HashMap<>();
        SplittableRandom random = new SplittableRandom(SEED);
        AtomicBoolean isDone = new AtomicBoolean();
        FutureTask<Long> digests =
                new FutureTask<>(
                        () -> {
                            long count = 0;
                            while (!isDone.get() || count == 0) {
                                state.digest();
                                count++;
                            }
                            return count;
                        });
        Thread.ofPlatform().start(digests);

        for (int i = 0; i < 100_000; i++) {
            String key = "k" + random.nextInt(3_000);
            Payload value = Payload.json("\"" + "x".repeat(random.nextInt(i % 100 + 1)) + "\"");
            boolean isRemoval = random.nextInt(4) == 0;
            state.put(key, isRemoval ? null : stored(value));
            if (isRemoval) {
                model.remove(key);
            } else {
                model.put(key, value);
            }
            if (i % 20_000 == 0) {
                state.clear();
                model.clear();
            }
        }
        isDone.set(true);

        assertThat(digests.get(10, TimeUnit.SECONDS)).isPositive();
        assertThat(state.digest()).as("-Dtuli.seed=%d", SEED).isEqualTo(sum(model));
    }

    private static void check(String key, Stored stored, AtomicReference<String> torn) {
        if (!stored.document().toString().equals("\"" + key + "\"")) {
            torn.set(key + " held " + stored);
        }
    }

    private static long sum(Map<String, Payload> documents) {
        return documents.entrySet().stream()
                .mapToLong(entry -> StateHash.of(entry.getKey(), entry.getValue()))
                .sum();
    }

    private static Stored stored(Payload document) {
        return new Stored(document, 1, 1);
    }

    /** Anybody can make them: "Aa" and "BB" have one hash, and so have all texts of their kind. */
    @Test
    void keysOfOneHashAreFoundAsQuicklyAsOthers() {
        SharedState state = new SharedState();
        List<String> alike = alike(13);

        for (String key : alike) {
            state.put(key, stored(Payload.json("1")));
        }

        assertThat(alike.stream().map(String::hashCode).distinct()).hasSize(1);
        assertThat(state.size()).isEqualTo(alike.size());
        assertThat(state.longestSearch()).isLessThan(500);
        for (String key : alike) {
            assertThat(state.get(key)).isEqualTo(stored(Payload.json("1")));
        }
    }

    @Test
    void keysThatAreMadeToLieSideBySideAreHashedAnew() {
        SharedState state = new SharedState();
        List<String> keys = IntStream.range(0, 20_000).mapToObj(i -> ofHome(i)).toList();

        for (String key : keys) {
            state.put(key, stored(Payload.json("1")));
        }

        assertThat(keys.stream().map(String::hashCode).distinct()).hasSize(keys.size());
        assertThat(state.size()).isEqualTo(keys.size());
        assertThat(state.longestSearch()).isLessThan(1_000);
        for (String key : keys) {
            assertThat(state.get(key)).isEqualTo(stored(Payload.json("1")));
        }
    }

    /** A key whose plain hash is so much above a number: all are sought from about one slot on. */
    private static String ofHome(int above) {
        int inverse = 0x144cbc89; // of the number that plain hashes are spread by
        String first = "AAAAAAA";
        int hash = (0x80000000 + above) * inverse;
        long digits = (hash - first.hashCode()) & 0xffff_ffffL;
        char[] key = first.toCharArray();
        for (int i = key.length - 1; i >= 0; i--) {
            key[i] += (char) (digits % 31);
            digits /= 31;
        }
        return new String(key);
    }

    @Test
    void keysOfOneHashThatAreNoAsciiAreFoundToo() {
        SharedState state = new SharedState();
        List<String> alike = alike(7).stream().map(key -> key + "ü😀").toList();

        for (String key : alike) {
            state.put(key, stored(Payload.json("1")));
        }
        alike.subList(0, 50).forEach(key -> state.put(key, null));

        assertThat(state.size()).isEqualTo(alike.size() - 50);
        assertThat(state.get(alike.get(0))).isNull();
        assertThat(state.get(alike.get(60))).isEqualTo(stored(Payload.json("1")));
    }

    private static List<String> alike(int pairs) {
        List<String> all = List.of("");
        for (int i = 0; i < pairs; i++) {
            all = all.stream().flatMap(each -> Stream.of(each + "Aa", each + "BB")).toList();
        }
        return all;
    }
}
