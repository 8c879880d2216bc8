package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.error.Printable;
import io.tuli.node.Tuli;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys, values, verbs and exceptions that give orders: wherever an operator reads of them -
 * commands, events, logs of either side - nothing moves a cursor and no line is forged.
 */
@Tag("slow")
class ForeignTextsTest {

    private static final String MESH = "foreign-" + ProcessHandle.current().pid();
    private static final String FORGED = "FORGED";
    private static final String FOREIGN =
            "a\u001b]0;owned\u0007\r\n" + FORGED + " line\u202e\u009b2J\u2028\u0085b";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private PrintStream standard;
    @TempDir private Path directory;

    @BeforeEach
    void readTheLogOfThisProcess() {
        standard = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void printItAgainWhereItBelongs() {
        System.setErr(standard);
    }

    @Test
    void noOutputAndNoLogObeysIt() {
        List<String> outputs = Collections.synchronizedList(new ArrayList<>());
        try (Serving first = Serving.ready(directory, "serve", "users", "--mesh", MESH, "-v");
                Mesh foreign = Tuli.mesh(MESH).name("foreign").join()) {
            ServiceConfig<Object> config =
                    ServiceConfig.of("users", Object.class).handler(ForeignTextsTest::handle);
            Service<Object> users = foreign.serve(config);
            users.awaitSync(Duration.ofSeconds(20));
            foreign.events(
                    event -> {
                        outputs.add(event.toString());
                        throw new IllegalStateException(FOREIGN);
                    });
            users.update(Key.of(FOREIGN), Map.of(FOREIGN, FOREIGN)).await();
            outputs.add(refusal(users));
            commands().forEach(ran -> outputs.addAll(List.of(ran.out(), ran.err())));
            foreign.close(Duration.ZERO);
            first.awaitErr("member left");
            outputs.add(first.out());
            outputs.add(first.err());
        }
        outputs.add(log.toString(StandardCharsets.UTF_8));

        assertThat(outputs).anyMatch(output -> output.contains(FORGED));
        assertThat(outputs)
                .allSatisfy(
                        output -> {
                            assertThat(output).isEqualTo(Printable.of(output));
                            assertThat(output.lines()).noneMatch(line -> line.startsWith(FORGED));
                        });
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("IllegalStateException");
    }

    private static Object handle(Message message, Turn<Object> turn) {
        if (message.verb().equals("odd")) {
            throw new IllegalStateException(FOREIGN);
        }
        return turn.pass();
    }

    /** What the handler of this process says to a key that it owns. */
    private static String refusal(Service<Object> users) {
        for (int i = 0; i < 1_000; i++) {
            try {
                users.send(Message.of("odd").key("k" + i)).await();
            } catch (TuliException refused) {
                String why = String.valueOf(refused.getMessage());
                if (why.contains(FORGED)) {
                    return why;
                }
            }
        }
        throw new AssertionError("this member owns no partition");
    }

    private static List<Ran> commands() {
        return List.of(
                tuli("members"),
                tuli("members", "--json"),
                tuli("ls"),
                tuli("ls", "--json"),
                tuli("ring", "users"),
                tuli("ring", "users", "--json"),
                tuli("services"),
                tuli("get", "users"),
                tuli("get", "users", "--table"),
                tuli("get", "users", Key.of(FOREIGN).toString()),
                tuli("get", "users", FOREIGN + "x"),
                tuli("send", "users", "odd", "k", "1"),
                tuli("watch", "users", "--from", "start", "--count", "1"),
                tuli("ring", FOREIGN),
                tuli("get", FOREIGN, "k"));
    }

    private static Ran tuli(String... words) {
        return Ran.in(Map.of("TULI_MESH", MESH), words);
    }
}
