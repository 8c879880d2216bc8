package io.tuli.bridge;

import io.tuli.error.Require;
import io.tuli.interest.Subjects;
import java.util.List;

/**
 * Subjects of a service of one mesh that are to be heard in another; see {@link Bridge}. Immutable;
 * each method that takes something answers a changed copy.
 *
 * <p>At most once, as everything published: of all bridges with the same relay, one is given each
 * publication by whoever publishes it. What is on its way to a bridge that dies is lost, and never
 * told twice. There is no order between what has crossed by one bridge and by another.
 */
public final class Relay {

    private final String service;
    private final List<String> patterns;
    private final String name;
    private final boolean isServed;
    private final String prefix;

    private Relay(
            String service, List<String> patterns, String name, boolean isServed, String prefix) {
        this.service = service;
        this.patterns = patterns;
        this.name = name;
        this.isServed = isServed;
        this.prefix = prefix;
    }

    /**
     * All that is published of a service, under its own name.
     *
     * @throws IllegalArgumentException where it is no name of a service
     */
    public static Relay of(String service) {
        Export.requireName(service);
        return new Relay(service, List.of(Subjects.REST), service, true, "");
    }

    /**
     * Only subjects of these patterns.
     *
     * @throws IllegalArgumentException where one is no pattern, or there is none
     */
    public Relay subjects(String... some) {
        Require.argument(some.length > 0, "a relay has a pattern of subjects", "none");
        for (String pattern : some) {
            String problem = Subjects.patternProblem(pattern);
            Require.argument(problem == null, String.valueOf(problem), pattern);
        }
        return new Relay(service, List.of(some), name, isServed, prefix);
    }

    /** As subjects of a service of this name, which the bridge serves in the other mesh. */
    public Relay as(String other) {
        Export.requireName(other);
        return new Relay(service, patterns, other, true, prefix);
    }

    /**
     * As subjects of a service that members of the other mesh serve: the bridge publishes there.
     */
    public Relay into(String other) {
        Export.requireName(other);
        return new Relay(service, patterns, other, false, prefix);
    }

    /**
     * With tokens before each subject: {@code eu.price} under {@code shop} is {@code
     * shop.eu.price}.
     *
     * @throws IllegalArgumentException where they are no subject
     */
    public Relay under(String tokens) {
        String problem = Subjects.subjectProblem(tokens);
        Require.argument(problem == null, String.valueOf(problem), tokens);
        return new Relay(service, patterns, name, isServed, tokens + ".");
    }

    /** The service's name in its own mesh. */
    public String service() {
        return service;
    }

    /** The name of the service in the other mesh of which they are subjects. */
    public String name() {
        return name;
    }

    String[] patterns() {
        return patterns.toArray(String[]::new);
    }

    boolean isServed() {
        return isServed;
    }

    String subject(String subject) {
        return prefix + subject;
    }

    /** Those with the same text share what is published. */
    String form() {
        return service + "/" + name + "/" + prefix + "/" + String.join(" ", patterns);
    }

    @Override
    public String toString() {
        return "relay of " + service + " as " + name;
    }
}
