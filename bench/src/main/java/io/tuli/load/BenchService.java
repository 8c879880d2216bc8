package io.tuli.load;

import io.tuli.Commit;
import io.tuli.Handler;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The service that is measured: opaque values, built-in verbs, and one verb of its own. */
public final class BenchService {

    /** How long a handler of the kind {@code waiting} waits for nothing. */
    public static final int WAIT_MILLIS = 20;

    /** The first; the others are numbered. */
    static final String NAME = "bench";

    /** Answers with four bytes, the checksum of the body: proof that it was looked at. */
    static final String CHECK = "CHECK";

    /** Of a mesh that lives as long as a benchmark, on loopback. */
    private static final String SECRET = "what encrypts a benchmark is no secret";

    private BenchService() {}

    /**
     * Begins to join the mesh named; {@code link=tcp|unix|tls} says how members meet, {@code calls}
     * how many there may be at once.
     */
    static MeshBuilder mesh(Words words) {
        Map<String, String> settings = new HashMap<>();
        settings.put("same.host", "" + words.text("link").equals("unix"));
        if (words.text("link").equals("tls")) {
            settings.put("secret", SECRET);
        }
        String calls = words.text("calls", "");
        if (!calls.isEmpty()) {
            settings.put("calls.in.flight", calls);
        }
        return Tuli.mesh(words.text("mesh")).settings(settings);
    }

    static String name(int number) {
        return number == 0 ? NAME : NAME + "-" + (number + 1);
    }

    /** As the words say: {@code handler=inline|virtual|waiting}, {@code copies=n}. */
    static ServiceConfig<byte[]> config(Words words, int number) {
        String kind = words.text("handler", "inline");
        Handler<byte[]> handler =
                (message, turn) -> {
                    if (!message.verb().equals(CHECK)) {
                        return turn.pass();
                    }
                    if (kind.equals("waiting")) {
                        Thread.sleep(WAIT_MILLIS);
                    }
                    return answer(Objects.requireNonNull(message.body(Payload.class)));
                };
        ServiceConfig<byte[]> config =
                ServiceConfig.of(name(number), byte[].class)
                        .handler(handler)
                        .partitions(words.number("partitions"))
                        .commit(Commit.copies(words.number("copies")));
        return kind.equals("inline") ? config.inline() : config;
    }

    private static Payload answer(Payload body) {
        int check = Records.check(body.bytes());
        return Payload.opaque(ByteBuffer.allocate(Integer.BYTES).putInt(check).array());
    }

    /** What an answer says the checksum is. */
    static int check(Payload answer) {
        return ByteBuffer.wrap(answer.bytes()).getInt();
    }
}
