package io.tuli.access;

import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may do what with the services of this member: the rules of a file, which change while the
 * member runs, and those that services say of themselves. Any thread reads; what is wrong with the
 * file leaves the earlier rules in force.
 *
 * <p>A service that some rule names is for those alone whom a rule lets in: of the rules that fit a
 * member the first decides, those of the file come first. A service that no rule names is for all,
 * as their role allows. Servers may do everything; operators, too, unless a rule for operators
 * names the service.
 */
public final class Access {

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final Supplier<Rules> source;
    private final Duration look;
    private volatile State state;

    /** Numbers of the services that are kept in this process. */
    private volatile Set<Integer> kept = Set.of();

    private String fault = "";

    private Access(Supplier<Rules> source, Duration look) {
        this.source = source;
        this.look = look;
        this.state = new State(source.get(), Map.of());
    }

    /** Without a file of rules. */
    public static Access open() {
        return new Access(() -> Rules.NONE, Duration.ZERO);
    }

    /**
     * Rules that are read at once, and again every so often.
     *
     * @param source throws TuliException where they are not as they must be
     */
    public static Access watched(Supplier<Rules> source, Duration look) {
        return new Access(source, look);
    }

    /** Zero where they stay what they are. */
    public Duration look() {
        return look;
    }

    /** Looks again; whether there are others now. */
    public boolean changes() {
        Rules now;
        try {
            now = source.get();
        } catch (TuliException broken) {
            told(String.valueOf(broken.getMessage()));
            return false;
        }
        fault = "";
        synchronized (this) {
            if (now.equals(state.rules)) {
                return false;
            }
            state = new State(now, state.served);
        }
        LOG.info("Other rules are in force: access.rules lines={}", now.all().size());
        return true;
    }

    private void told(String why) {
        if (!why.equals(fault)) {
            fault = why;
            LOG.error("Rules must stay as they are until their file is right: {}", why);
        }
    }

    /**
     * From now on this member serves it so.
     *
     * @throws IllegalArgumentException where one of its rules is none
     */
    public synchronized void serve(ServiceConfig<?> service) {
        List<Rule> rules = new ArrayList<>();
        service.allowed()
                .forEach(
                        (who, rights) ->
                                rules.add(
                                        Rule.parse(
                                                who,
                                                List.of(service.name()),
                                                rights,
                                                "allow of the service")));
        Map<Integer, Served> served = new HashMap<>(state.served);
        served.put(
                ServiceSpec.numberOf(service.name()),
                new Served(service.name(), service.reads(), List.copyOf(rules)));
        state = new State(state.rules, Map.copyOf(served));
        if (service.isInternal()) {
            keep(service.name());
        }
    }

    /** No other member has anything to do with that one. */
    public synchronized void keep(String service) {
        Set<Integer> all = new HashSet<>(kept);
        all.add(ServiceSpec.numberOf(service));
        kept = Set.copyOf(all);
    }

    /** The same rules hold for that one as for others, from now on. */
    public synchronized void share(String service) {
        Set<Integer> all = new HashSet<>(kept);
        all.remove(ServiceSpec.numberOf(service));
        kept = Set.copyOf(all);
    }

    /** It serves that one no more. */
    public synchronized void leave(String service) {
        int number = ServiceSpec.numberOf(service);
        Map<Integer, Served> served = new HashMap<>(state.served);
        served.remove(number);
        state = new State(state.rules, Map.copyOf(served));
        share(service);
    }

    /** Whether no other member, whatever its role, has anything to do with that service. */
    boolean keeps(int service) {
        Set<Integer> all = kept;
        return all.contains(service);
    }

    /** Whether there is any such service: asked for each frame. */
    boolean keepsSome() {
        return !kept.isEmpty();
    }

    State state() {
        return state;
    }

    /** What a service served here says of itself. */
    private record Served(String name, Set<String> reads, List<Rule> rules) {}

    /** All that is decided by, at one time. Immutable. */
    static final class State {

        private final Rules rules;
        private final Map<Integer, Served> served;

        private State(Rules rules, Map<Integer, Served> served) {
            this.rules = rules;
            this.served = served;
        }

        /** What a member may do with a service. */
        Granted granted(Role role, String name, int service) {
            boolean isNamed = false;
            for (Rule rule : rulesOf(service)) {
                if (rule.isFor(role, name)) {
                    return new Granted(rule.rights(), reads(service), rule.place());
                }
                isNamed |= role != Role.OPERATOR || rule.role() == Role.OPERATOR;
            }
            return isNamed
                    ? new Granted(Rights.NONE, Set.of(), "no rule is for this member")
                    : new Granted(Rights.of(role), reads(service), "its role alone");
        }

        /** Those that name it, in the order in which they count. */
        private List<Rule> rulesOf(int service) {
            List<Rule> about = new ArrayList<>();
            for (Rule rule : rules.all()) {
                if (rule.services().stream().anyMatch(name -> isNameOf(name, service))) {
                    about.add(rule);
                }
            }
            Served known = served.get(service);
            if (known != null) {
                about.addAll(known.rules());
            }
            return about;
        }

        private static boolean isNameOf(String name, int service) {
            return name.equals(Rule.ALL) || ServiceSpec.numberOf(name) == service;
        }

        Set<String> reads(int service) {
            Served known = served.get(service);
            return known == null ? Set.of() : known.reads();
        }

        /** As far as it is served here; otherwise the number that frames have. */
        String nameOf(int service) {
            Served known = served.get(service);
            return known == null ? Integer.toHexString(service) : known.name();
        }
    }

    /**
     * What a member may do with a service.
     *
     * @param reads the verbs of the service's own that change nothing
     * @param because what says so
     */
    record Granted(Rights rights, Set<String> reads, String because) {

        /** What is needed for a request, and not had; null if nothing. */
        @Nullable Right lacksFor(String verb, boolean isRead) {
            Right needed = isRead || reads.contains(verb) ? Right.READ : Right.WRITE;
            return rights.has(needed) ? null : needed;
        }

        /** What is needed to ask a member, and not had; null if nothing. */
        @Nullable Right lacksToAsk(String verb) {
            boolean mayRead = reads.contains(verb) && rights.has(Right.READ);
            return mayRead || rights.has(Right.ASK) ? null : Right.ASK;
        }
    }
}
