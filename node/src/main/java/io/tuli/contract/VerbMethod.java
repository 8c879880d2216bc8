package io.tuli.contract;

import io.tuli.Call;
import io.tuli.Key;
import io.tuli.Verb;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One method as a verb.
 *
 * @param keyAt which argument is the key; -1 if none
 * @param names of the members of the body; empty where the body is one argument, or there is none
 * @param bodyAt the arguments that the body is of, in order
 * @param returns how the reply is given
 * @param reply what it is read as
 */
public record VerbMethod(
        Method method,
        String verb,
        int keyAt,
        List<String> names,
        List<Integer> bodyAt,
        Returns returns,
        Type reply) {

    private static final int VERB_MAX = 100;

    public VerbMethod {
        names = List.copyOf(names);
        bodyAt = List.copyOf(bodyAt);
    }

    /** How a reply is given. */
    public enum Returns {
        /** The caller waits for it. */
        VALUE,
        /** The caller waits until it is there, and gets nothing. */
        NOTHING,
        /** A future of it. */
        STAGE,
        /** The call itself. */
        CALL,
        /** All replies. */
        PUBLISHER
    }

    static VerbMethod of(Method method) {
        Verb marked = method.getAnnotation(Verb.class);
        String verb = marked == null ? method.getName() : marked.value();
        if (verb.isBlank() || verb.length() > VERB_MAX || verb.startsWith("$")) {
            throw refused(method, "a verb is a text of 1 to 100, without $ before it: " + verb);
        }
        if (method.getTypeParameters().length > 0) {
            throw refused(method, "a method has no type parameters of its own");
        }
        Parameter[] parameters = method.getParameters();
        int keyAt = -1;
        List<Integer> bodyAt = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            if (isKey(method, parameters[i])) {
                if (keyAt >= 0) {
                    throw refused(method, "a method has one key");
                }
                keyAt = i;
            } else {
                bodyAt.add(i);
            }
        }
        List<String> names = bodyAt.size() < 2 ? List.of() : names(method, parameters, bodyAt);
        Returns returns = returns(method);
        return new VerbMethod(method, verb, keyAt, names, bodyAt, returns, reply(method, returns));
    }

    private static boolean isKey(Method method, Parameter parameter) {
        boolean isMarked = parameter.isAnnotationPresent(Verb.Key.class);
        Class<?> type = parameter.getType();
        if (isMarked && type != String.class && type != Key.class) {
            throw refused(method, "a key is a String or a Key: parameter=" + parameter);
        }
        return isMarked || type == Key.class;
    }

    private static List<String> names(Method method, Parameter[] parameters, List<Integer> at) {
        List<String> names = new ArrayList<>();
        for (int i : at) {
            if (!parameters[i].isNamePresent()) {
                throw refused(
                        method,
                        "several parameters are one body by their names: compile with -parameters,"
                                + " or take one record");
            }
            names.add(parameters[i].getName());
        }
        return names;
    }

    private static Returns returns(Method method) {
        Class<?> type = method.getReturnType();
        if (type == void.class || type == Void.class) {
            return Returns.NOTHING;
        }
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return Returns.STAGE;
        }
        if (type == Call.class) {
            return Returns.CALL;
        }
        return type == Flow.Publisher.class ? Returns.PUBLISHER : Returns.VALUE;
    }

    private static Type reply(Method method, Returns returns) {
        Type type = method.getGenericReturnType();
        switch (returns) {
            case NOTHING -> type = Void.class;
            case VALUE -> {}
            case STAGE, CALL, PUBLISHER -> {
                if (!(type instanceof ParameterizedType of)) {
                    throw refused(method, "a future says what it is of: " + type.getTypeName());
                }
                type = of.getActualTypeArguments()[0];
                boolean isClass = type instanceof Class<?>;
                if (!isClass && (type instanceof WildcardType || returns != Returns.STAGE)) {
                    throw refused(
                            method,
                            "a Call and a Publisher are of a class, a CompletableFuture also of"
                                    + " a generic type: "
                                    + type.getTypeName());
                }
            }
        }
        return type;
    }

    private static IllegalArgumentException refused(Method method, String rule) {
        return new IllegalArgumentException(rule + ": method=" + method.toGenericString());
    }

    /** The one argument that is the body, or an object of several; null if there is none. */
    public @Nullable Object body(@Nullable Object[] arguments) {
        if (names.isEmpty()) {
            return bodyAt.isEmpty() ? null : arguments[bodyAt.getFirst()];
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            body.put(names.get(i), arguments[bodyAt.get(i)]);
        }
        return body;
    }
}
