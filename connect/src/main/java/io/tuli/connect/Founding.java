package io.tuli.connect;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.error.Require;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who of several members that connect one service founds it, and what they know together: a small
 * service beside it, {@code connect.<service>}, served by all of them. Thread-safe.
 *
 * <p>Its document {@value #STATE} has who founds and who serves, and is decided by its owner alone,
 * one question at a time. A founder that leaves the mesh before it has founded is forgotten: the
 * next who asks is the founder. Others ask again until it is done.
 *
 * <p>Besides there are the places of sinks without transactions, and documents that were set aside.
 */
final class Founding implements AutoCloseable {

    /** Its partitions are few, and so are its documents. */
    private static final int PARTITIONS = 8;

    private static final int NAME_MAX = 90;
    private static final String PREFIX = "connect.";
    private static final String STATE = "state";
    private static final String PLACE = "place-";
    private static final String ASIDE = "aside-";
    private static final int ASIDE_MAX = 1_000;
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private static final String ASK = "ask";
    private static final String FOUNDED = "founded";
    private static final String JOINED = "joined";
    private static final String GAVE_UP = "gave-up";
    private static final String LEFT = "left";
    private static final Set<String> VERBS = Set.of(ASK, FOUNDED, JOINED, GAVE_UP, LEFT);

    private final Service<Object> beside;
    private final String self;

    /** What who asks is to do. */
    enum Answer {
        /** Nobody has founded it: found it. */
        FOUND,
        /** Somebody is about to found it: ask again. */
        WAIT,
        /** It is served. */
        JOIN
    }

    private Founding(Mesh mesh, Service<Object> beside) {
        this.beside = beside;
        this.self = mesh.self().id().toString();
    }

    /** Blocks until it is served here. */
    static Founding open(Mesh mesh, String service) {
        Require.argument(
                service.length() <= NAME_MAX,
                "a connected service has a name of at most " + NAME_MAX + " characters",
                service);
        ServiceConfig<Object> config =
                ServiceConfig.of(PREFIX + service, Object.class)
                        .partitions(PARTITIONS)
                        .merge(Founding::merged)
                        .allow("operator", "r") // what clients said would fence owners
                        .handler((message, turn) -> decide(mesh, message, turn));
        Service<Object> beside = mesh.serve(config);
        try {
            beside.awaitSync(WITHIN);
        } catch (RuntimeException failed) {
            beside.close();
            throw failed;
        }
        return new Founding(mesh, beside);
    }

    // ---- what its owner decides ----------------------------------------------------------------

    private static @Nullable Object decide(Mesh mesh, Message message, Turn<Object> turn) {
        if (!VERBS.contains(message.verb())) {
            return turn.pass();
        }
        State before = State.of(turn.value());
        Set<String> here =
                mesh.members().stream()
                        .map(Member::id)
                        .map(Object::toString)
                        .collect(Collectors.toSet());
        Map<?, ?> asked = Objects.requireNonNullElse(message.body(Map.class), Map.of());
        String who = String.valueOf(asked.get("who"));
        List<String> serving = before.servers.stream().filter(here::contains).toList();
        boolean isFounder = before.founder.equals(who);
        switch (message.verb()) {
            case ASK -> {
                if (!serving.isEmpty()) {
                    return Answer.JOIN.name();
                }
                if (!isFounder && here.contains(before.founder)) {
                    return Answer.WAIT.name();
                }
                turn.update(new State(who, before.life, List.of()).form());
                return Answer.FOUND.name();
            }
            case FOUNDED -> {
                if (!isFounder && serving.isEmpty()) {
                    throw new TuliException(
                            Failure.CONFLICT, "another member founds the service: " + before);
                }
                long life = asked.get("life") instanceof Number number ? number.longValue() : 0;
                long later = isFounder ? life : Math.max(life, before.life);
                turn.update(new State("", later, with(serving, who)).form());
            }
            case JOINED ->
                    turn.update(new State(before.founder, before.life, with(serving, who)).form());
            case GAVE_UP -> {
                if (isFounder) {
                    turn.update(new State("", before.life, serving).form());
                }
            }
            default -> {
                List<String> others = serving.stream().filter(id -> !id.equals(who)).toList();
                turn.update(new State(before.founder, before.life, others).form());
            }
        }
        return null;
    }

    private static List<String> with(List<String> servers, String who) {
        List<String> all = new ArrayList<>(servers);
        if (!all.contains(who)) {
            all.add(who);
        }
        return all;
    }

    /** Of two sides that each founded it the later life goes on, and all serve it. */
    private static @Nullable Object merged(
            String key, @Nullable Object base, @Nullable Object winner, @Nullable Object loser) {
        if (!key.equals(STATE) || winner == null || loser == null) {
            return winner == null ? loser : winner;
        }
        State one = State.of(winner);
        State other = State.of(loser);
        List<String> servers = one.servers;
        for (String each : other.servers) {
            servers = with(servers, each);
        }
        String founder = one.founder.isEmpty() ? other.founder : one.founder;
        return new State(founder, Math.max(one.life, other.life), servers).form();
    }

    /**
     * Its document.
     *
     * @param founder who is about to found it; empty for nobody
     * @param life of the service in its store
     * @param servers who serves it
     */
    private record State(String founder, long life, List<String> servers) {

        static State of(@Nullable Object form) {
            if (!(form instanceof Map<?, ?> fields)) {
                return new State("", 0, List.of());
            }
            List<String> servers = new ArrayList<>();
            if (fields.get("servers") instanceof List<?> all) {
                all.forEach(each -> servers.add(String.valueOf(each)));
            }
            long life = fields.get("life") instanceof Number number ? number.longValue() : 0;
            return new State(
                    String.valueOf(Objects.requireNonNullElse(fields.get("founder"), "")),
                    life,
                    servers);
        }

        Map<String, Object> form() {
            return Map.of("founder", founder, "life", life, "servers", servers);
        }
    }

    // ---- what a member says --------------------------------------------------------------------

    /** What this member is to do. */
    Answer ask() {
        return Answer.valueOf(String.valueOf(said(ASK, Map.of("who", self))));
    }

    /** This member has founded it, in that life of the store. */
    void founded(long life) {
        said(FOUNDED, Map.of("who", self, "life", life));
    }

    /** This member serves it, too, and has all of it. */
    void joined() {
        said(JOINED, Map.of("who", self));
    }

    /** It could not be founded here. */
    void gaveUp() {
        said(GAVE_UP, Map.of("who", self));
    }

    /** This member serves it no more. */
    void left() {
        said(LEFT, Map.of("who", self));
    }

    private @Nullable Object said(String verb, Map<String, Object> body) {
        return beside.send(Message.of(verb, body).key(STATE).within(WITHIN)).await();
    }

    /** The life of the service in its store, as all know it by now. */
    long life() {
        return State.of(beside.state().get(STATE)).life;
    }

    // ---- places of sinks that keep none --------------------------------------------------------

    /** {@link Place#START} where nothing is known. */
    Place place(int partition) {
        Object known = beside.state().get(PLACE + partition);
        return known == null ? Place.START : Place.parse(String.valueOf(known));
    }

    /** Returns when its owner has them. */
    void keep(Map<Integer, Place> places) {
        List<io.tuli.Call<Void>> calls = new ArrayList<>();
        places.forEach(
                (partition, place) ->
                        calls.add(beside.update(Key.of(PLACE + partition), place.toString())));
        calls.forEach(io.tuli.Call::await);
    }

    // ---- what was set aside --------------------------------------------------------------------

    /** Lists a document; false where as many are listed as may be. */
    boolean setAside(String key, String why, String at) {
        if (beside.count(ASIDE) >= ASIDE_MAX) {
            return false;
        }
        beside.update(Key.of(ASIDE + key), Map.of("why", why, "at", at)).await();
        return true;
    }

    /** The document is in the store after all. */
    void takenBack(String key) {
        if (beside.state().containsKey(ASIDE + key)) {
            beside.remove(Key.of(ASIDE + key)).await();
        }
    }

    /** Why each document was set aside, by its key. */
    Map<String, String> aside() {
        Map<String, String> all = new LinkedHashMap<>();
        beside.state(ASIDE)
                .forEach(
                        (key, fields) ->
                                all.put(
                                        key.substring(ASIDE.length()),
                                        fields instanceof Map<?, ?> map
                                                ? String.valueOf(map.get("why"))
                                                : ""));
        return all;
    }

    int countAside() {
        return beside.count(ASIDE);
    }

    @Override
    public void close() {
        beside.close();
    }
}
