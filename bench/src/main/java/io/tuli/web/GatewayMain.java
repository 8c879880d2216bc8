package io.tuli.web;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.gateway.Authentication;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.gateway.Passwords;
import io.tuli.measure.Child;
import io.tuli.measure.Words;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A member that serves records of todos, or the gateway to them. */
public final class GatewayMain implements Child.Commands {

    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final String SECRET = "a secret of a benchmark, which is none";

    /** What is open stays so until the process ends. */
    private final List<AutoCloseable> open = new ArrayList<>();

    private GatewayMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new GatewayMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        return switch (command) {
            case "serve" -> serve(words);
            case "open" -> open(words);
            case "resident" -> Map.of("bytes", resident());
            default -> throw new IllegalArgumentException("a gateway does not " + command);
        };
    }

    private Object serve(Words words) {
        Mesh joined = Tuli.join(words.text("mesh"));
        open.add(joined);
        joined.serve(Resource.documents("todos", Object.class).config()).awaitSync(SYNC);
        joined.serve(
                        Resource.documents("users", Object.class)
                                .around("*", Passwords.hashed("password"))
                                .config())
                .awaitSync(SYNC);
        return Map.of();
    }

    private Object open(Words words) {
        Mesh joined = Tuli.join(words.text("mesh"));
        open.add(joined);
        joined.use("todos", Object.class).awaitSync(SYNC);
        joined.use("users", Object.class).awaitSync(SYNC);
        String heard = words.text("heard", "everybody");
        OpenGateway gateway =
                Gateway.on(joined)
                        .port(0)
                        .expose("todos", "users")
                        .heardBy("todos", (event, record) -> Set.of(heard))
                        .joins(caller -> caller.isAnonymous() ? Set.of() : Set.of("members"))
                        .authentication(
                                Authentication.hs256(SECRET).users("users", "name", "password"))
                        .start();
        open.add(gateway);
        return Map.of("port", gateway.port(), "open", open.size());
    }

    /** What the process has of the machine's memory, that of its heap and that outside it. */
    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }
}
