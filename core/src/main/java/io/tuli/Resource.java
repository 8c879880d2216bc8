package io.tuli;

import io.tuli.error.Nearest;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service as a table of named methods with hooks around them, as Feathers has it. It is no second
 * world: {@link #config()} compiles it into a handler of an ordinary service. Immutable; each
 * method answers a changed copy. Thread-safe.
 *
 * <p>{@link #documents}: find, get, create, update, patch and remove on the service's own
 * replicated documents. A record is a document and its key as {@code id}; if the type is a Java
 * record with a component {@code id}, the document has it, too. Callers send the method as the
 * verb, the id as the key - {@code Key.of(id)}, since ids may have dots - and the data as the body;
 * of find, get and remove the body is the {@link Query}:
 *
 * <pre>{@code
 * todos.send(Message.of("create", Map.of("title", "buy milk")))
 * todos.key(Key.of(id)).send(Message.of("patch", Map.of("done", true)))
 * todos.any().send(Message.of("find", Map.of("done", false, "$limit", 10)), Page.class)
 * }</pre>
 *
 * <table>
 * <caption>The six</caption>
 * <tr><td>find</td><td>a {@link Page} of records, of the replica of the member that answers
 *     </td></tr>
 * <tr><td>get</td><td>the record; 404 if there is none, or the query does not match it</td></tr>
 * <tr><td>create</td><td>the record, under the id of the message or the data, else a new unique
 *     one, the same for a repeat; 409 if there is one</td></tr>
 * <tr><td>update</td><td>replaces all of it, answers the record; 404</td></tr>
 * <tr><td>patch</td><td>sets the fields given, answers the record; 404</td></tr>
 * <tr><td>remove</td><td>removes it, answers what it was; 404</td></tr>
 * </table>
 *
 * <p>Each write is one turn at the owner of its key, with its hooks; what refuses it is a {@link
 * Refusal}. It tells an event, committed with it: {@code created}, {@code updated}, {@code patched}
 * or {@code removed}, with what the caller is answered, where that ends well ({@link Feed#events}).
 * Nothing else is understood (405): {@code increment}, {@code push} and the others of {@link Verbs}
 * would go past the hooks. {@code Service.update} and {@code patch} of a whole document do call the
 * methods of these names; {@code Service.remove} does, too, but expects another reply: send the
 * message.
 *
 * <p>{@link #of}: a service without state, of the methods that you name; whichever member serves it
 * answers, see {@link ServiceConfig#stateless}. Its turns edit nothing and tell no events.
 *
 * @param <T> what its documents are read as
 */
public final class Resource<T> {

    public static final String FIND = "find";
    public static final String GET = "get";

    /** Sent without a key it gets one: the data's id, else a new unique one. */
    public static final String CREATE = "create";

    public static final String UPDATE = "update";
    public static final String PATCH = "patch";
    public static final String REMOVE = "remove";

    /** Stands for every method in hooks. */
    public static final String ALL = "*";

    private static final int PAGE_USUAL = 10;
    private static final int PAGE_MOST = 50;
    private static final int NAME_MAX = 100;

    /** So much of the names of its methods is told; more are there all the same. */
    private static final int DESCRIBED_CHARS = 1_024;

    private final String name;
    private final Class<T> type;
    private final boolean hasDocuments;
    private final Map<String, Method<T>> methods;
    private final List<Hooked> hooks;
    private final @Nullable HeardBy heardBy;

    private Resource(
            String name,
            Class<T> type,
            boolean hasDocuments,
            Map<String, Method<T>> methods,
            List<Hooked> hooks,
            @Nullable HeardBy heardBy) {
        this.name = name;
        this.type = type;
        this.hasDocuments = hasDocuments;
        this.methods = Collections.unmodifiableMap(methods);
        this.hooks = hooks;
        this.heardBy = heardBy;
    }

    /**
     * What a method does: as a {@link Handler}, with a turn that knows more.
     *
     * @param <T> what the documents are read as
     */
    @FunctionalInterface
    public interface Method<T> {

        /** Answers as a handler does. */
        @Nullable Object call(Message message, ResourceContext<T> context) throws Exception;
    }

    /**
     * Runs around a method: calls {@code next} once, or not at all, and answers.
     *
     * @param <T> what the documents are read as
     */
    @FunctionalInterface
    public interface Hook<T> {

        @Nullable Object around(Message message, ResourceContext<T> context, Method<T> next)
                throws Exception;
    }

    /**
     * Runs before a method; throws to refuse it.
     *
     * @param <T> what the documents are read as
     */
    @FunctionalInterface
    public interface Before<T> {

        /** The message the method is to get instead; null for the one there is. */
        @Nullable Message before(Message message, ResourceContext<T> context) throws Exception;
    }

    /**
     * Runs after a method that did not fail; where that answers with a stage, when it completes.
     *
     * @param <T> what the documents are read as
     */
    @FunctionalInterface
    public interface After<T> {

        /** What is to be answered: the result or another. */
        @Nullable Object after(Message message, ResourceContext<T> context, @Nullable Object result)
                throws Exception;
    }

    /**
     * Runs after a failure of the method, or of a hook before or after it. Where it answers, the
     * call ends well, and what the turn had decided before the failure is kept.
     *
     * @param <T> what the documents are read as
     */
    @FunctionalInterface
    public interface Failed<T> {

        /** What is to be answered; or throws, the same or another. */
        @Nullable Object failed(Message message, ResourceContext<T> context, Throwable thrown)
                throws Exception;
    }

    /** Who hears an event besides feeds. */
    @FunctionalInterface
    public interface HeardBy {

        /**
         * The channels it is told in. Runs in the turn: what it throws fails the call.
         *
         * @param told the fields of what is told; none where it is no object
         * @return at most 16 names, of 1 to 100 bytes; empty for nobody
         */
        Set<String> channels(String event, Map<String, @Nullable Object> told);
    }

    /** A hook and the methods it is for. */
    record Hooked(String method, Object hook) {

        boolean isFor(String other) {
            return method.equals(ALL) || method.equals(other);
        }
    }

    // ---- what can be said ----------------------------------------------------------------------

    /** The six methods, on the service's own documents. */
    public static <T> Resource<T> documents(String name, Class<T> type) {
        requireName(name);
        Map<String, Method<T>> six = new LinkedHashMap<>();
        six.put(FIND, new DocumentMethods.Finding<>(PAGE_USUAL, PAGE_MOST));
        six.putAll(new DocumentMethods<>(type).methods());
        return new Resource<>(name, type, true, six, List.of(), null);
    }

    /** A resource without documents: {@link #method} says what it can. */
    public static Resource<Void> of(String name) {
        requireName(name);
        return new Resource<>(name, Void.class, false, Map.of(), List.of(), null);
    }

    private static void requireName(String name) {
        Require.argument(
                ServiceConfig.isName(name), "a resource's name is [A-Za-z0-9_.-]{1,100}", name);
    }

    /** A method of your own, or another in place of one there is. */
    public Resource<T> method(String method, Method<T> other) {
        Require.argument(isMethod(method), "a method is [A-Za-z0-9_.-]{1,100}", method);
        Map<String, Method<T>> all = new LinkedHashMap<>(methods);
        all.put(method, Objects.requireNonNull(other));
        return with(all, hooks);
    }

    private Resource<T> with(Map<String, Method<T>> otherMethods, List<Hooked> otherHooks) {
        return new Resource<>(name, type, hasDocuments, otherMethods, otherHooks, heardBy);
    }

    private static boolean isMethod(String text) {
        return text.length() <= NAME_MAX && ServiceConfig.isName(text);
    }

    /** Without these methods: 405. */
    public Resource<T> without(String... without) {
        Map<String, Method<T>> all = new LinkedHashMap<>(methods);
        for (String each : without) {
            requireMethod(each);
            all.remove(each);
        }
        return with(all, hooks);
    }

    /**
     * Runs around a method, or around {@link #ALL}; the one declared first is the outermost. All
     * other hooks of the method run inside.
     */
    public Resource<T> around(String method, Hook<T> hook) {
        return hooked(method, hook);
    }

    /** Runs before a method, or before {@link #ALL}; in the order in which they are declared. */
    public Resource<T> before(String method, Before<T> hook) {
        return hooked(method, hook);
    }

    /** Runs after a method, or after {@link #ALL}; in the order in which they are declared. */
    public Resource<T> after(String method, After<T> hook) {
        return hooked(method, hook);
    }

    /**
     * Runs when a method, or one of {@link #ALL}, has failed; in the order in which they are
     * declared, each with what the one before threw, until one answers.
     */
    public Resource<T> failed(String method, Failed<T> hook) {
        return hooked(method, hook);
    }

    private Resource<T> hooked(String method, Object hook) {
        Require.argument(
                method.equals(ALL) || isMethod(method),
                "hooks are for * or a method of [A-Za-z0-9_.-]{1,100}",
                method);
        List<Hooked> all = new ArrayList<>(hooks);
        all.add(new Hooked(method, Objects.requireNonNull(hook)));
        return with(methods, List.copyOf(all));
    }

    /**
     * Lets clients of gateways hear its events: a connection hears those told in a channel that the
     * gateway has put it into. Nobody does unless this is said; feeds are told all of them. It runs
     * once for each event, in the turn, and may block.
     */
    public Resource<T> heardBy(HeardBy rule) {
        return new Resource<>(
                name, type, hasDocuments, methods, hooks, Objects.requireNonNull(rule));
    }

    /**
     * Find answers pages of {@code usual} records where {@code $limit} does not say, and of {@code
     * most} at most: 10 and 50 unless this is said.
     */
    public Resource<T> pages(int usual, int most) {
        Require.argument(usual >= 0 && usual <= most, "usual is from 0 to most", usual);
        Require.argument(
                most >= 1 && most <= Query.WINDOW_MAX, "a page has 1 to 10,000 records", most);
        return finding(usual, most);
    }

    /** Find answers the bare list: of at most 10,000 records, or as many as {@code $limit} says. */
    public Resource<T> withoutPages() {
        return finding(Query.WINDOW_MAX, 0);
    }

    private Resource<T> finding(int usual, int most) {
        Require.argument(
                methods.get(FIND) instanceof DocumentMethods.Finding<?>,
                "pages are of the find that is ours: say them before method(find, ...)",
                name);
        Map<String, Method<T>> all = new LinkedHashMap<>(methods);
        all.put(FIND, new DocumentMethods.Finding<>(usual, most));
        return with(all, hooks);
    }

    // ---- what it becomes -----------------------------------------------------------------------

    /** Its methods, in the order in which they were declared. */
    public Set<String> methods() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(methods.keySet()));
    }

    /** As many methods as a description holds beside what else may be said. */
    private List<String> described() {
        List<String> told = new ArrayList<>();
        int chars = 0;
        for (String method : methods.keySet()) {
            chars += method.length();
            if (told.size() < ServiceDescription.NAMES_MOST && chars <= DESCRIBED_CHARS) {
                told.add(method);
            }
        }
        return told;
    }

    /** What its writes tell. */
    private List<String> events() {
        return hasDocuments
                ? methods.keySet().stream().flatMap(each -> ResourceHandler.told(each)).toList()
                : List.of();
    }

    /**
     * What to serve, described by its methods and the events that its writes tell. Methods on
     * single documents without code of yours around them run on the event loop, all others may
     * block.
     *
     * @throws IllegalArgumentException when a hook is for a method that there is not
     */
    public ServiceConfig<T> config() {
        hooks.forEach(hook -> requireHookable(hook.method()));
        Handler<T> handler = new ResourceHandler<>(name, hasDocuments, methods, hooks, heardBy);
        ServiceDescription said =
                ServiceDescription.NONE
                        .methods(described().toArray(String[]::new))
                        .events(events().toArray(String[]::new));
        if (!hasDocuments) {
            return ServiceConfig.stateless(name, type).handler(handler).describe(said);
        }
        String[] inline = methods.keySet().stream().filter(this::isInline).toArray(String[]::new);
        ServiceConfig<T> config = ServiceConfig.of(name, type).handler(handler).describe(said);
        return inline.length == 0 ? config : config.inline(inline);
    }

    private boolean isInline(String method) {
        boolean isOurs = methods.get(method) instanceof DocumentMethods.Own<?>;
        boolean mayTell = heardBy != null && !method.equals(GET);
        return isOurs && !mayTell && hooks.stream().noneMatch(hook -> hook.isFor(method));
    }

    private void requireHookable(String method) {
        if (!method.equals(ALL)) {
            requireMethod(method);
        }
    }

    private void requireMethod(String method) {
        if (!methods.containsKey(method)) {
            throw new IllegalArgumentException(
                    name
                            + " has the methods "
                            + String.join(", ", methods.keySet())
                            + ": "
                            + method
                            + Nearest.question(method, methods.keySet()));
        }
    }

    @Override
    public String toString() {
        return "resource " + name + " " + Arrays.toString(methods.keySet().toArray());
    }
}
