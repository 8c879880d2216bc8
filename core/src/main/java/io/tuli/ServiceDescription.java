package io.tuli;

import io.tuli.bytes.MalformedException;
import io.tuli.bytes.PlainValues;
import io.tuli.error.Excerpt;
import io.tuli.error.Printable;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service says of itself: which application it is of, which version, what it is asked for
 * and what it tells; {@link Mesh#services} has those of all that are served. For people and for
 * programs such as gateways. Version and share alone decide something: who takes calls to {@link
 * Service#any}. Immutable, thread-safe; a method that takes something answers a changed copy.
 *
 * <p>Servers of one service may describe it differently, as when a new version comes: the methods
 * and events are those of all of them, the rest is what the longest-standing says.
 */
public final class ServiceDescription {

    /** Most bytes of all that one description says, in a form close to JSON without its quotes. */
    public static final int BYTES_MOST = 2_048;

    /** Most methods, and most events. */
    public static final int NAMES_MOST = 64;

    private static final int NAME_CHARS_MOST = 100;
    private static final int VERSION_CHARS_MOST = 32;

    private static final String APPLICATION = "application";
    private static final String VERSION = "version";
    private static final String METHODS = "methods";
    private static final String EVENTS = "events";
    private static final String OPTIONS = "options";
    private static final String SHARE = "share";
    private static final int SHARE_MOST = 100;
    private static final int UNSAID = -1;

    /** Nothing is said. */
    public static final ServiceDescription NONE =
            new ServiceDescription(
                    new Said("", "", UNSAID, List.of(), List.of(), Map.of()), Where.NOWHERE);

    private final Said said;
    private final Where where;
    private final byte[] form;

    /** What its server says. */
    private record Said(
            String application,
            String version,
            int share,
            List<String> methods,
            List<String> events,
            Map<String, @Nullable Object> options) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            put(map, APPLICATION, application, application.isEmpty());
            put(map, VERSION, version, version.isEmpty());
            put(map, METHODS, methods, methods.isEmpty());
            put(map, EVENTS, events, events.isEmpty());
            put(map, OPTIONS, options, options.isEmpty());
            put(map, SHARE, (long) share, share == UNSAID);
            return map;
        }

        private static void put(Map<String, Object> map, String name, Object value, boolean isNo) {
            if (!isNo) {
                map.put(name, value);
            }
        }
    }

    /** What its members know besides. */
    private record Where(
            String name, boolean isStateless, List<Member> servers, List<String> versions) {
        static final Where NOWHERE = new Where("", false, List.of(), List.of());
    }

    private ServiceDescription(Said said, Where where) {
        requireText(APPLICATION, said.application, NAME_CHARS_MOST);
        requireText(VERSION, said.version, VERSION_CHARS_MOST);
        requireNames(METHODS, said.methods);
        requireNames(EVENTS, said.events);
        try {
            this.form = PlainValues.write(said.toMap(), BYTES_MOST);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    "a description has at most "
                            + BYTES_MOST
                            + " bytes, and options are values as JSON has them: "
                            + broken.getMessage(),
                    broken);
        }
        this.said = said;
        this.where = where;
    }

    private static void requireText(String what, String text, int charsMost) {
        if (text.length() > charsMost || !Printable.isLine(text)) {
            throw new IllegalArgumentException(
                    what
                            + " is at most "
                            + charsMost
                            + " printable characters: "
                            + Excerpt.of(text));
        }
    }

    private static void requireNames(String what, List<String> names) {
        Require.argument(
                names.size() <= NAMES_MOST,
                "a description has at most " + NAMES_MOST + " " + what,
                names.size());
        for (String name : names) {
            requireText("a name of " + what, name, NAME_CHARS_MOST);
            Require.argument(!name.isBlank(), "a name of " + what + " is not blank", names);
        }
    }

    // ---- what is said --------------------------------------------------------------------------

    /** Which application it is part of: several services have the same. */
    public ServiceDescription application(String name) {
        return with(
                new Said(name, said.version, said.share, said.methods, said.events, said.options));
    }

    /**
     * Its version, as in {@code 2.1}: at most 32 characters. Numbers joined by dots can be asked
     * for by ranges, any other text, as in {@code 2.1-rc1}, as a whole: see {@link
     * Service.Any#version}.
     */
    public ServiceDescription version(String text) {
        return with(
                new Said(
                        said.application,
                        text,
                        said.share,
                        said.methods,
                        said.events,
                        said.options));
    }

    /**
     * Of 100 calls to {@link Service#any} so many go to servers of this version, as for a canary;
     * those of versions that say no share get the rest. It counts for each caller by itself, to the
     * call: with 5, every twentieth. Where nobody of the version whose turn it is is ready, others
     * take the call; a version with 0 takes one only where no other is served. Among the servers of
     * a version the fewest open calls decide, as ever. Calls that name versions are shared out
     * among those alone.
     *
     * @param percent 0..100; all servers of a version should say the same, else the
     *     longest-standing counts
     */
    public ServiceDescription share(int percent) {
        Require.argument(
                percent >= 0 && percent <= SHARE_MOST, "a share is 0..100 of 100 calls", percent);
        return with(
                new Said(
                        said.application,
                        said.version,
                        percent,
                        said.methods,
                        said.events,
                        said.options));
    }

    /** Verbs that it understands, besides those said before: at most 64. */
    public ServiceDescription methods(String... verbs) {
        List<String> all = joined(said.methods, List.of(verbs));
        return with(
                new Said(
                        said.application,
                        said.version,
                        said.share,
                        all,
                        said.events,
                        said.options));
    }

    /** Events that it tells, besides those said before: at most 64. */
    public ServiceDescription events(String... names) {
        List<String> all = joined(said.events, List.of(names));
        return with(
                new Said(
                        said.application,
                        said.version,
                        said.share,
                        said.methods,
                        all,
                        said.options));
    }

    /**
     * Something of your own that those who use it should know.
     *
     * @param value as JSON has them; whole numbers are read as {@code Long}, others as {@code
     *     Double}
     */
    public ServiceDescription option(String option, @Nullable Object value) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(said.options);
        all.put(option, value);
        return with(
                new Said(
                        said.application,
                        said.version,
                        said.share,
                        said.methods,
                        said.events,
                        Collections.unmodifiableMap(all)));
    }

    private ServiceDescription with(Said other) {
        return new ServiceDescription(other, where);
    }

    private static List<String> joined(List<String> some, List<String> others) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    /** Of that service; for members alone. */
    public ServiceDescription of(String service, boolean isOfNoState) {
        return new ServiceDescription(
                said, new Where(service, isOfNoState, where.servers, where.versions));
    }

    /**
     * As one more server has it, of less standing than those before; for members alone.
     *
     * @param isLeaving whether it is on its way out
     */
    public ServiceDescription servedBy(Member server, boolean isLeaving, ServiceDescription as) {
        Said all =
                new Said(
                        said.application.isEmpty() ? as.said.application : said.application,
                        said.version.isEmpty() ? as.said.version : said.version,
                        said.share == UNSAID && where.servers.isEmpty()
                                ? as.said.share
                                : said.share,
                        most(joined(said.methods, as.said.methods)),
                        most(joined(said.events, as.said.events)),
                        said.options.isEmpty() ? as.said.options : said.options);
        List<Member> servers = new ArrayList<>(where.servers);
        if (!isLeaving) {
            servers.add(server);
        }
        List<String> versions =
                as.said.version.isEmpty()
                        ? where.versions
                        : joined(where.versions, List.of(as.said.version));
        Where known = new Where(where.name, where.isStateless, List.copyOf(servers), versions);
        try {
            return new ServiceDescription(all, known);
        } catch (IllegalArgumentException tooLong) {
            return new ServiceDescription(said, known);
        }
    }

    private static List<String> most(List<String> names) {
        return names.size() > NAMES_MOST ? names.subList(0, NAMES_MOST) : names;
    }

    // ---- what it says --------------------------------------------------------------------------

    /** The service's name; empty before it is served. */
    public String name() {
        return where.name;
    }

    /** Whether it has no documents, see {@link ServiceConfig#stateless}. */
    public boolean isStateless() {
        return where.isStateless;
    }

    /** Empty where it was not said. */
    public String application() {
        return said.application;
    }

    /** Empty where it was not said. */
    public String version() {
        return said.version;
    }

    /** All that its servers have, in the order of their standing; mostly one. */
    public List<String> versions() {
        return where.versions;
    }

    /** Of 100 calls so many are for this version; empty where it was not said. */
    public Optional<Integer> share() {
        return said.share == UNSAID ? Optional.empty() : Optional.of(said.share);
    }

    /** Verbs that it understands; empty where it was not said. */
    public List<String> methods() {
        return said.methods;
    }

    /** Events that it tells; empty where it was not said. */
    public List<String> events() {
        return said.events;
    }

    /** What else was said; cannot be changed. */
    public Map<String, @Nullable Object> options() {
        return said.options;
    }

    /** Who serves it and is not on its way out, the longest-standing first. */
    public List<Member> servers() {
        return where.servers;
    }

    // ---- as it travels -------------------------------------------------------------------------

    /** As bytes; none where nothing is said. For members alone. */
    public byte[] form() {
        return form.clone();
    }

    /** How many bytes it has. */
    public int bytes() {
        return form.length;
    }

    /**
     * What was said with these bytes; for members alone.
     *
     * @throws IllegalArgumentException where they are none of a description
     */
    public static ServiceDescription read(byte[] form) {
        Require.argument(form.length <= BYTES_MOST, "a description is short", form.length);
        if (form.length == 0) {
            return NONE;
        }
        Map<String, @Nullable Object> map;
        try {
            map = PlainValues.read(form);
        } catch (MalformedException broken) {
            throw new IllegalArgumentException(
                    "a description is no values: " + broken.getMessage());
        }
        Said said =
                new Said(
                        text(map.get(APPLICATION)),
                        text(map.get(VERSION)),
                        share(map.get(SHARE)),
                        texts(map.get(METHODS)),
                        texts(map.get(EVENTS)),
                        options(map.get(OPTIONS)));
        ServiceDescription read = new ServiceDescription(said, Where.NOWHERE);
        Require.argument(Arrays.equals(read.form, form), "a description has one form", form.length);
        return read;
    }

    /** What is no share becomes one that has another form. */
    private static int share(@Nullable Object value) {
        return value instanceof Long number && number >= 0 && number <= SHARE_MOST
                ? number.intValue()
                : UNSAID;
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(each -> texts.add(text(each)));
        }
        return List.copyOf(texts);
    }

    @SuppressWarnings("unchecked") // what is read has texts as names
    private static Map<String, @Nullable Object> options(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServiceDescription that
                && where.equals(that.where)
                && Arrays.equals(form, that.form);
    }

    @Override
    public int hashCode() {
        return 31 * where.hashCode() + Arrays.hashCode(form);
    }

    @Override
    public String toString() {
        return (where.name + " " + said.version).strip();
    }
}
