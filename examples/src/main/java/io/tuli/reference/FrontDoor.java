package io.tuli.reference;

import io.tuli.Caller;
import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.gateway.Authentication;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.gateway.Passwords;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway: what it exposes, who may do what, and who hears what. */
final class FrontDoor {

    /** The services of {@code backend}. */
    static final Set<String> ALONE =
            Set.of(
                    Backend.TODOS,
                    Backend.PLACES,
                    Backend.CONSTANTS,
                    Backend.MESSAGES,
                    Echo.NAME,
                    Faults.NAME);

    /** What must be there before it is ready. */
    static final Set<String> NEEDED =
            Stream.concat(ALONE.stream(), Stream.of(Replicas.INSTANCES))
                    .collect(Collectors.toUnmodifiableSet());

    private static final String USERS = "users";

    /** The kit logs in more often than people do. */
    private static final int ATTEMPTS_MAX = 100_000;

    private FrontDoor() {}

    /** What it is told from outside. */
    record Setting(int port, String secret, Duration within) {}

    /** Opens it; answers where it is. */
    static String open(Mesh mesh, Setting setting) {
        mesh.serve(
                Resource.documents(USERS, Object.class)
                        .around(Resource.ALL, Passwords.hashed("password"))
                        .config());
        OpenGateway open =
                Gateway.on(mesh)
                        .port(setting.port())
                        .within(setting.within())
                        .expose(NEEDED.toArray(String[]::new))
                        .expose(Replicas.LATE, USERS)
                        .many(Backend.TODOS)
                        .headers("X-Kit")
                        .health("backend", ALONE.toArray(String[]::new))
                        .health("instances", Replicas.INSTANCES)
                        .health("late", Replicas.LATE)
                        .methods(Backend.MESSAGES, Resource.CREATE, "shout", "announce")
                        .hook(Backend.MESSAGES, Authentication.required())
                        .hook(USERS, Authentication.requiredExcept(Resource.CREATE))
                        .authentication(
                                Authentication.hs256(setting.secret())
                                        .issuer("kit")
                                        .audience("https://kit.example")
                                        .users(USERS, "email", "password")
                                        .attempts(ATTEMPTS_MAX, ATTEMPTS_MAX))
                        .joins(FrontDoor::channels)
                        .start();
        return open.url();
    }

    /** Who has logged in, and the rooms of that user. */
    private static Set<String> channels(Caller caller) {
        Set<String> channels = new HashSet<>();
        if (!caller.isAnonymous()) {
            channels.add("authenticated");
        }
        if (caller.claims().get("user") instanceof Map<?, ?> user
                && user.get("rooms") instanceof List<?> rooms) {
            rooms.forEach(room -> channels.add("rooms/" + room));
        }
        return channels;
    }
}
