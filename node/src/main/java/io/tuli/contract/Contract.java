package io.tuli.contract;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods of an interface, each as a verb. Immutable and thread-safe.
 *
 * @param <C> the interface
 */
public final class Contract<C> {

    private final Class<C> type;
    private final Map<Method, VerbMethod> methods;
    private final Map<String, VerbMethod> verbs;

    private Contract(Class<C> type, Map<Method, VerbMethod> methods) {
        this.type = type;
        this.methods = Collections.unmodifiableMap(methods);
        Map<String, VerbMethod> byVerb = new LinkedHashMap<>();
        methods.values().forEach(each -> byVerb.put(each.verb(), each));
        this.verbs = Collections.unmodifiableMap(byVerb);
    }

    /**
     * Reads an interface.
     *
     * @throws IllegalArgumentException where it breaks a rule; it names method and rule
     */
    public static <C> Contract<C> of(Class<C> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    "a typed client is of an interface: " + type.getTypeName());
        }
        Map<Method, VerbMethod> methods = new LinkedHashMap<>();
        Map<String, Method> taken = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            if (!Modifier.isAbstract(method.getModifiers())) {
                continue;
            }
            VerbMethod read = VerbMethod.of(method);
            Method other = taken.putIfAbsent(read.verb(), method);
            if (other != null) {
                throw new IllegalArgumentException(
                        "each verb is of one method: verb="
                                + read.verb()
                                + " is of "
                                + other.toGenericString()
                                + " and of "
                                + method.toGenericString()
                                + "; @Verb gives one another");
            }
            methods.put(method, read);
        }
        if (methods.isEmpty()) {
            throw new IllegalArgumentException(
                    "an interface of verbs has at least one method: " + type.getTypeName());
        }
        return new Contract<>(type, methods);
    }

    public Class<C> type() {
        return type;
    }

    /** The verb of a method; null where it is none of the interface's own. */
    public @Nullable VerbMethod of(Method method) {
        return methods.get(method);
    }

    /** The method of a verb; null where there is none. */
    public @Nullable VerbMethod of(String verb) {
        return verbs.get(verb);
    }

    public Collection<String> verbs() {
        return verbs.keySet();
    }
}
