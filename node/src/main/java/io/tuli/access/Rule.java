package io.tuli.access;

import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import io.tuli.secret.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What members of a role, and perhaps of a name, may do with services: {@code client:web-*
 * carts,orders rw}. Immutable.
 *
 * @param role which role they have taken
 * @param name their name, or its beginning and {@code *}; {@code *} for all
 * @param services names; {@code *} among them for all
 * @param rights what they may do
 * @param place where it is written, for people
 */
public record Rule(Role role, String name, List<String> services, Rights rights, String place) {

    static final String ALL = "*";

    private static final List<String> ROLES = List.of("client", "operator", "read-only");
    private static final int PARTS = 3;
    private static final int NAME_MAX = 64;
    private static final int SERVICES_MAX = 500;

    public Rule {
        services = List.copyOf(services);
    }

    /**
     * Reads a line of a file.
     *
     * @throws IllegalArgumentException with what is wrong, and what may have been meant
     */
    static Rule parse(String line, String place) {
        String[] parts = line.strip().split("\\s+");
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(
                    "a rule is role[:name] service[,service] rights, as in client:web-* carts rw:"
                            + " it has "
                            + parts.length
                            + " words");
        }
        return parse(parts[0], services(parts[1]), parts[2], place);
    }

    /**
     * Reads what a service says of itself.
     *
     * @throws IllegalArgumentException with what is wrong, and what may have been meant
     */
    static Rule parse(String who, List<String> services, String rights, String place) {
        int colon = who.indexOf(':');
        Role role = role(colon < 0 ? who : who.substring(0, colon));
        String name = name(colon < 0 ? ALL : who.substring(colon + 1));
        Rights granted = Rights.parse(rights);
        if (!granted.areWithin(Rights.of(role))) {
            throw new IllegalArgumentException(
                    "members of role "
                            + role.text()
                            + " have "
                            + Rights.of(role)
                            + " at most: rights="
                            + granted);
        }
        return new Rule(role, name, services, granted, place);
    }

    private static Role role(String text) {
        if (text.equals(Role.SERVER.text())) {
            throw new IllegalArgumentException(
                    "a server may do everything; rules are for client, operator and read-only");
        }
        if (!ROLES.contains(text)) {
            throw new IllegalArgumentException(
                    "a role is client, operator or read-only: "
                            + Excerpt.of(text)
                            + Nearest.question(text, ROLES));
        }
        return Role.parse(text).orElseThrow();
    }

    private static String name(String text) {
        String fixed = text.endsWith(ALL) ? text.substring(0, text.length() - 1) : text;
        boolean isName = fixed.chars().allMatch(Rule::isOfName) && text.length() <= NAME_MAX;
        if (text.isEmpty() || !isName) {
            throw new IllegalArgumentException(
                    "a name is [A-Za-z0-9_./-]{1,64}, of which * may be the end: "
                            + Excerpt.of(text));
        }
        return text;
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-_./".indexOf(c) >= 0;
    }

    private static List<String> services(String text) {
        List<String> services = new ArrayList<>();
        for (String service : text.split(",", -1)) {
            if (!service.equals(ALL) && !ServiceConfig.isName(service)) {
                throw new IllegalArgumentException(
                        "a service name is [A-Za-z0-9_.-]{1,100}, or * for all: "
                                + Excerpt.of(service));
            }
            services.add(service);
        }
        if (services.size() > SERVICES_MAX) {
            throw new IllegalArgumentException(
                    "a rule is for at most 500 services: " + services.size());
        }
        return services;
    }

    /** Whether it is about a member. */
    boolean isFor(Role its, String itsName) {
        boolean isOpen = name.endsWith(ALL);
        String fixed = isOpen ? name.substring(0, name.length() - 1) : name;
        return its == role && (isOpen ? itsName.startsWith(fixed) : itsName.equals(fixed));
    }
}
