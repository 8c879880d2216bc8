package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Call;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.codec.JsonCodec;
import io.tuli.command.Exit;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any command with any arguments, against a member whose keys and values are hostile: it ends with
 * a code, one line says why, nothing printed moves a cursor, and the member goes on. {@code
 * -Dtuli.seed} repeats a run.
 */
@Tag("slow")
class HostileCommandsTest {

    private static final String MESH = "hostile-" + ProcessHandle.current().pid();
    private static final long SEED = Long.getLong("tuli.seed", System.nanoTime());

    /** What moves cursors, rings bells, hides or turns round text. */
    private static final String ESCAPES =
            "\u001b]0;owned\u0007\u001b[2J\u009b2J\u007f\b\r\u202e\u2066\u200f";

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "k",
                    "k.a",
                    "k.l.0",
                    "k..a",
                    ".",
                    "..",
                    "\\",
                    "k\\",
                    "*",
                    "k.*.a",
                    ESCAPES,
                    "k." + ESCAPES,
                    "k\nERROR forged",
                    "k".repeat(5_000),
                    "k" + ".a".repeat(2_001),
                    "\u2603\uD83E\uDD86",
                    "%s%n",
                    "$read",
                    "update",
                    "v".repeat(257),
                    "-",
                    "-1",
                    "--",
                    "--no-such",
                    "-x",
                    "@",
                    "@/",
                    "@/no/such",
                    "{",
                    "{}",
                    "{\"a\":1}",
                    "{\"\":1}",
                    "{\"a\":1,\"a\":2}",
                    "{\"\\ud83e\":1}",
                    "[1,",
                    "1e99999999999",
                    "1e9999",
                    "NaN",
                    "9".repeat(10_001),
                    "null",
                    "'x'",
                    "[".repeat(65) + "]".repeat(65),
                    "[".repeat(2_001) + "]".repeat(2_001),
                    "x".repeat(1 << 20),
                    "\"\\ud83e\"",
                    "true",
                    "a=b",
                    "=",
                    "-a",
                    "0x10");

    private static final List<String> SERVICES =
            List.of(
                    "things", "things", "things", "things", "tings", "", "a b", ESCAPES, "$",
                    "s/t");

    /** Commands that end by themselves, with how many texts after the service. */
    private static final Map<String, Integer> COMMANDS =
            Map.of("get", 1, "set", 2, "add", 2, "rm", 1, "push", 2, "patch", 2, "send", 3);

    private static final List<String> OPTIONS =
            List.of(
                    "--json",
                    "--json",
                    "-q",
                    "--ack=owner",
                    "--ack=200",
                    "--ack=0",
                    "--ack=256",
                    "--ack=" + ESCAPES,
                    "--id=x",
                    "--id=",
                    "--id=" + ESCAPES,
                    "--timeout=0s",
                    "--timeout=1ms",
                    "--timeout=99999999h",
                    "--timeout=-1s",
                    "--timeout=NaN",
                    "--where==",
                    "--where=a=1",
                    "--sort=a",
                    "--sort=-",
                    "--sort=..",
                    "--table=",
                    "--table=a,,b..c",
                    "--table",
                    "--all",
                    "--setting=",
                    "--setting==x",
                    "--setting=no.such=1",
                    "--setting=message.bytes=1",
                    "--setting=" + ESCAPES,
                    "--setting=document.depth=1000000",
                    "--peers=:::",
                    "--peers=a:99999",
                    "--peers=" + ESCAPES,
                    "--secret=x",
                    "--mesh=",
                    "--mesh=" + ESCAPES,
                    "--count=1",
                    "--from=start",
                    "--no-color=x",
                    "--json=" + ESCAPES);

    @TempDir private static Path directory;
    private static Mesh member;
    private static Service<Object> things;

    @BeforeAll
    static void serveWhatIsHostile() {
        member = Tuli.mesh(MESH).name("member").join();
        things = member.serve("things", Object.class);
        things.awaitSync(Duration.ofSeconds(20));
        List<Call<?>> calls = new ArrayList<>();
        calls.add(things.update("k", Map.of("a", ESCAPES, "l", List.of(ESCAPES))));
        calls.add(things.update(Key.of(ESCAPES), Map.of(ESCAPES, 1)));
        calls.add(things.update(Key.of("k\nERROR forged"), "\u202eforged"));
        calls.add(things.update("numbers", Payload.json("[1e9999,-0.0,9223372036854775808]")));
        calls.add(things.update("half", Payload.json("{\"a\":\"\\ud83e\"}")));
        calls.add(things.update("names", Payload.json("{\"\":{\"a.b\":1},\"..\":2}")));
        calls.add(things.update("bytes", new byte[] {0, 27, -1}));
        calls.add(things.update("deep", Payload.json("[".repeat(64) + "]".repeat(64))));
        calls.forEach(Call::await);
    }

    @AfterAll
    static void leave() {
        member.close(Duration.ZERO);
    }

    @Test
    void anyCommandEndsWithACodeAndALineAndTheMemberGoesOn() throws Exception {
        System.out.println("-Dtuli.seed=" + SEED);
        Random random = new Random(SEED);
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add(line(random));
        }
        for (List<String> words : fixed()) {
            lines.add(words);
        }

        runAll(lines);

        assertThat(member.closed()).isNotDone();
        things.update("alive", SEED).reply().get(5, TimeUnit.SECONDS);
        assertThat(things.state().toString()).contains("alive");
    }

    private static List<List<String>> fixed() {
        return List.of(
                List.of("get", "things"),
                List.of("get", "things", "--json"),
                List.of("get", "things", "--table"),
                List.of("get", "things", "--sort", "a", "--where", "a=owned"),
                List.of("get", "things", "k", "--table"),
                List.of("watch", "things", "--from", "start", "--count", "5"),
                List.of("ls"),
                List.of("ls", "--json"),
                List.of("members"),
                List.of("members", "--json"),
                List.of("ring", "things"),
                List.of("services"),
                List.of(ESCAPES),
                List.of("help", ESCAPES),
                List.of("completion", ESCAPES),
                List.of("config", ESCAPES),
                List.of());
    }

    private static List<String> line(Random random) {
        List<String> words = new ArrayList<>();
        List<String> commands = COMMANDS.keySet().stream().sorted().toList();
        String command = one(random, commands);
        words.add(command);
        words.add(one(random, SERVICES));
        int texts =
                COMMANDS.getOrDefault(command, 1) + random.nextInt(10) / 8 - random.nextInt(10) / 9;
        for (int i = 0; i < texts; i++) {
            words.add(one(random, TEXTS));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            words.add(1 + random.nextInt(words.size()), one(random, OPTIONS));
        }
        return words;
    }

    private static <T> T one(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static void runAll(Collection<List<String>> lines) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Map<List<String>, Future<Ran>> all = new LinkedHashMap<>();
            for (List<String> words : lines) {
                all.put(words, threads.submit(() -> tuli(words)));
            }
            for (Map.Entry<List<String>, Future<Ran>> each : all.entrySet()) {
                check(each.getKey(), each.getValue().get(60, TimeUnit.SECONDS));
            }
        }
    }

    private static Ran tuli(List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (words.stream().noneMatch(word -> word.startsWith("--timeout"))) {
            all.add(Math.min(1, words.size()), "--timeout=5s");
        }
        return Ran.in(Map.of("TULI_MESH", MESH), all.toArray(String[]::new));
    }

    @Test
    void aFileThatIsNoTextIsRefusedRatherThanChanged() throws IOException {
        Path file = Files.write(directory.resolve("bytes"), new byte[] {'a', -1, 'b'});

        Ran ran = tuli(List.of("set", "things", "file", "@" + file));

        assertThat(ran.err()).startsWith("tuli: a value must be text in UTF-8: @");
        assertThat(ran.code()).isEqualTo(Exit.USAGE.code());
        assertThat(things.get("file", Object.class)).isNull();
    }

    @Test
    void aKeyWithABreakForgesNoLine() {
        Ran table = tuli(List.of("get", "things", "--table"));
        Ran missing = tuli(List.of("get", "things", "no\nERROR forged"));

        assertThat(table.out().lines()).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(missing.err().lines()).hasSize(1);
    }

    // ---- what holds ----------------------------------------------------------------------------

    private static void check(List<String> words, Ran ran) {
        String about = shown(words) + " of -Dtuli.seed=" + SEED;
        assertThat(ran.code()).as(about).isBetween(0, 6);
        assertThat(ran.err()).as(about).doesNotContain("should not happen", "Exception:", "\tat ");
        assertThat(ran.err()).as(about).hasSizeLessThan(4_000);
        if (ran.code() != 0) {
            assertThat(ran.err()).as(about).startsWith("tuli: ");
        }
        assertThat(unprintable(ran.err())).as("errors of " + about).isEmpty();
        assertThat(unprintable(ran.out())).as("output of " + about).isEmpty();
        if (words.contains("--json") && !ran.out().isEmpty()) {
            JsonCodec codec = new JsonCodec(Limits.builder().documentDepth(500).build());
            ran.out().lines().forEach(line -> codec.encode(Payload.json(line)));
        }
    }

    /** Whatever in a text is no letter but an order to the terminal. */
    private static List<String> unprintable(String text) {
        return text.codePoints()
                .filter(c -> c != '\n' && c != '\t' && isOrder(c))
                .mapToObj(Integer::toHexString)
                .distinct()
                .toList();
    }

    private static boolean isOrder(int c) {
        int type = Character.getType(c);
        boolean joins = c == 0x200c || c == 0x200d;
        return type == Character.CONTROL || (type == Character.FORMAT && !joins);
    }

    private static String shown(List<String> words) {
        return words.stream()
                .map(word -> word.length() > 60 ? word.substring(0, 60) + "..." : word)
                .toList()
                .toString();
    }
}
