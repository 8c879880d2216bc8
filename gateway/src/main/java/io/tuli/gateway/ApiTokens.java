package io.tuli.gateway;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Query;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.invoke.Rights;
import io.tuli.login.MachineTokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for programs that call services through gateways ({@link Authentication#machines}): made,
 * listed and revoked here. They are documents of a service that members of the mesh serve, durable
 * where they shall outlive them; no gateway exposes it. Of a token its hash is kept alone: who has
 * lost one makes another. Thread-safe; each method waits for the mesh.
 */
public final class ApiTokens {

    private static final int LISTED_MAX = 10_000;
    private static final int NAME_CHARS_MAX = 100;
    private static final int SERVICES_MAX = 100;
    private static final Duration LIFE_MOST = Duration.ofDays(3_660);

    private final Service<Object> service;
    private final SecureRandom random = new SecureRandom();

    private ApiTokens(Service<Object> service) {
        this.service = service;
    }

    /** Those of a service, which somebody serves as {@code Object}. */
    public static ApiTokens of(Mesh mesh, String service) {
        return new ApiTokens(mesh.use(ServiceConfig.of(service, Object.class)));
    }

    /**
     * A new token.
     *
     * @param id by which it is listed and revoked
     * @param text what the program shows: nobody can ask for it again
     */
    public record Made(String id, String text) {

        @Override
        public String toString() {
            return "(token " + id + ")";
        }
    }

    /**
     * A token that there is.
     *
     * @param name for people
     * @param services what it may do
     */
    public record Listed(
            String id, String name, Map<String, String> services, Instant made, Instant expires) {}

    /**
     * Makes one.
     *
     * @param name for people, 1 to 100 characters
     * @param services which it may use, each with {@code r} to read and hear, {@code w} to call all
     *     other methods, {@code rw} for both; {@code *} is every service that is not named
     * @param life how long it holds, ten years at most
     */
    public Made create(String name, Map<String, String> services, Duration life) {
        Require.argument(
                !name.isBlank() && name.length() <= NAME_CHARS_MAX,
                "a token's name has 1 to 100 characters",
                Excerpt.of(name));
        Require.argument(
                !services.isEmpty() && services.size() <= SERVICES_MAX,
                "a token is for 1 to 100 services",
                services.size());
        services.forEach(
                (each, rights) ->
                        Require.argument(
                                (each.equals("*") || ServiceConfig.isName(each))
                                        && Rights.isRights(rights),
                                "a token is for services, each with r, w or rw",
                                Excerpt.of(each + ":" + rights)));
        Require.argument(
                life.isPositive() && life.compareTo(LIFE_MOST) <= 0,
                "a token holds for ten years at most",
                life);
        MachineTokens.Made made = MachineTokens.make(random);
        long now = System.currentTimeMillis();
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("name", name);
        kept.put("hash", made.hash());
        kept.put("services", services);
        kept.put("madeMillis", now);
        kept.put("expiresMillis", now + life.toMillis());
        service.update(Key.of(made.id()), kept).reply().join();
        return new Made(made.id(), made.text());
    }

    /** All that there are, by their ids; those that have ended, too. */
    public List<Listed> list() {
        List<Listed> all = new ArrayList<>();
        Query query = Query.of(Map.of()).paged(LISTED_MAX, LISTED_MAX);
        for (Object each : service.find(query, Map.class).data()) {
            if (each instanceof Map<?, ?> kept) {
                all.add(listed(kept));
            }
        }
        return List.copyOf(all);
    }

    private static Listed listed(Map<?, ?> kept) {
        Map<String, String> services = new LinkedHashMap<>();
        if (kept.get("services") instanceof Map<?, ?> said) {
            said.forEach(
                    (name, rights) -> services.put(String.valueOf(name), String.valueOf(rights)));
        }
        return new Listed(
                String.valueOf(kept.get("id")),
                String.valueOf(kept.get("name")),
                services,
                instant(kept.get("madeMillis")),
                instant(kept.get("expiresMillis")));
    }

    private static Instant instant(@Nullable Object millis) {
        return Instant.ofEpochMilli(millis instanceof Number number ? number.longValue() : 0);
    }

    /**
     * Ends one. Requests with it are refused as soon as gateways know; sockets and streams that are
     * open with it end within half a minute.
     *
     * @return whether there was such a token
     */
    public boolean revoke(String id) {
        return Boolean.TRUE.equals(service.remove(Key.of(id)).await());
    }
}
