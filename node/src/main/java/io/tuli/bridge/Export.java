package io.tuli.bridge;

import io.tuli.Caller;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import io.tuli.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A service of one mesh that is to be had in another; see {@link Bridge}. Immutable; each method
 * that takes something answers a changed copy.
 *
 * <p>There it is a service without state, served by every bridge that has the same export, and
 * described with the option {@code bridge}. Who sends to it is answered as the service answers:
 * with its reply or with its failure, refusals with all they say. The header {@code bridge.via} has
 * the names of the meshes that a message has come through. Conditions and durations of documents
 * ({@code ifVersion}, {@code expireAfter}) do not cross, nor do tunnels, feeds and replicas.
 */
public final class Export {

    private static final int CAPACITY_STANDARD = 256;
    private static final int CAPACITY_MOST = 65_536;

    /** Not changed any more. */
    private final Draft said;

    /** Whom of the service messages go to. */
    enum Whom {
        OWNER,
        ANY,
        ALL
    }

    /** What is said, while it can still be changed. */
    private static final class Draft {
        private final String service;
        private String name;
        private Whom whom = Whom.OWNER;
        private Set<String> verbs = Set.of();
        private Set<String> streams = Set.of();
        private int capacity = CAPACITY_STANDARD;
        private boolean isRepeatable = true;
        private Map<String, String> allowed = Map.of();
        private UnaryOperator<Caller> callers = Callers::of;

        Draft(String service) {
            this.service = service;
            this.name = service;
        }

        Draft(Draft from) {
            this(from.service);
            name = from.name;
            whom = from.whom;
            verbs = from.verbs;
            streams = from.streams;
            capacity = from.capacity;
            isRepeatable = from.isRepeatable;
            allowed = from.allowed;
            callers = from.callers;
        }
    }

    private Export(Draft draft) {
        said = draft;
    }

    private Export with(Consumer<Draft> change) {
        Draft draft = new Draft(said);
        change.accept(draft);
        return new Export(draft);
    }

    /** Under its own name; all messages cross, and go to the owners of their keys. */
    public static Export of(String service) {
        requireName(service);
        return new Export(new Draft(service));
    }

    static void requireName(String name) {
        Require.argument(
                ServiceConfig.isName(name), "a service name is [A-Za-z0-9_.-]{1,100}", name);
    }

    /** Under this name. */
    public Export as(String name) {
        requireName(name);
        return with(draft -> draft.name = name);
    }

    /** To any server, whose handler can change nothing, in place of the owner of a key. */
    public Export any() {
        return with(draft -> draft.whom = Whom.ANY);
    }

    /**
     * To all servers, a survey. Its one answer has {@code values}, by the ids of members; {@code
     * failed}, why each of the others gave none; and {@code silent}, a list of the rest.
     */
    public Export all() {
        return with(draft -> draft.whom = Whom.ALL);
    }

    /** Only these verbs cross, and those that were named before. */
    public Export verbs(String... more) {
        for (String verb : more) {
            Require.argument(!Verbs.isReserved(verb), "the library's verbs do not cross", verb);
        }
        return with(draft -> draft.verbs = and(draft.verbs, more));
    }

    /**
     * The answers to these verbs are streams, of which every item crosses. Of the answer to any
     * other verb the first does.
     */
    public Export streams(String... more) {
        return with(draft -> draft.streams = and(draft.streams, more));
    }

    private static Set<String> and(Set<String> some, String... more) {
        Set<String> all = new LinkedHashSet<>(some);
        Collections.addAll(all, more);
        return Collections.unmodifiableSet(all);
    }

    /**
     * So many messages are under way through one bridge at once, 256 unless said. Who comes then
     * goes by another bridge, or waits.
     */
    public Export capacity(int count) {
        Require.argument(
                count >= 1 && count <= CAPACITY_MOST, "a capacity is 1.." + CAPACITY_MOST, count);
        return with(draft -> draft.capacity = count);
    }

    /**
     * A bridge sends each message on once and never again: after a lost link its outcome is
     * UNKNOWN. For {@link #any} where nothing may run at two servers; who sends it says {@code
     * atMostOnce()}, too.
     */
    public Export atMostOnce() {
        return with(draft -> draft.isRepeatable = false);
    }

    /** Who may do what with it in the other mesh, as {@link ServiceConfig#allow}. */
    public Export allow(String who, String rights) {
        Map<String, String> all = new LinkedHashMap<>(said.allowed);
        all.putIfAbsent(Objects.requireNonNull(who), Objects.requireNonNull(rights));
        return with(draft -> draft.allowed = Collections.unmodifiableMap(all));
    }

    /**
     * For whom a message is sent on, of for whom it has come. Unless said, a user whom a gateway of
     * the other mesh has let in stays that user, with the claims. Whoever is a member there, and in
     * whatever role, is nobody's member here: the provider {@code bridge}, and where they have
     * proven a name, that user. All are remote.
     *
     * @param other is called for each message, on any thread
     */
    public Export callers(UnaryOperator<Caller> other) {
        return with(draft -> draft.callers = Objects.requireNonNull(other));
    }

    // ---- what was said -------------------------------------------------------------------------

    /** The service's name in its own mesh. */
    public String service() {
        return said.service;
    }

    /** Its name in the other. */
    public String name() {
        return said.name;
    }

    Whom whom() {
        return said.whom;
    }

    int capacity() {
        return said.capacity;
    }

    boolean isRepeatable() {
        return said.isRepeatable;
    }

    Map<String, String> allowed() {
        return said.allowed;
    }

    UnaryOperator<Caller> callers() {
        return said.callers;
    }

    /** Whether a message with this verb crosses. */
    boolean lets(String verb) {
        return !Verbs.isReserved(verb) && (said.verbs.isEmpty() || said.verbs.contains(verb));
    }

    boolean isStream(String verb) {
        return said.streams.contains(verb);
    }

    @Override
    public String toString() {
        return "export of " + said.service + " as " + said.name;
    }
}
