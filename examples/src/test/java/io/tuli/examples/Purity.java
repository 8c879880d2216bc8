package io.tuli.examples;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the core may touch. The core decides, from its input and the time it is given, and does
 * nothing else: no I/O, threads, clocks, locks or randomness. The list says what is allowed, so
 * whatever is forgotten is forbidden.
 */
final class Purity {
    private static final Set<String> PACKAGES =
            Set.of(
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.math",
                    "java.nio",
                    "java.nio.charset",
                    "java.time",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.util.zip",
                    "org.jspecify.annotations");

    /** How the nouns speak of the future; only the ground floor says it. */
    private static final Set<String> FUTURES =
            Set.of(
                    "java.util.concurrent.CompletableFuture",
                    "java.util.concurrent.CompletionStage",
                    "java.util.concurrent.Flow");

    /** What a type is, as the compiler wrote it down: descriptions, by which nothing is called. */
    private static final Set<String> TYPES =
            Set.of(
                    "java.lang.reflect.GenericArrayType",
                    "java.lang.reflect.ParameterizedType",
                    "java.lang.reflect.Type",
                    "java.lang.reflect.TypeVariable",
                    "java.lang.reflect.WildcardType");

    private static final Set<String> BANNED_TYPES =
            Set.of(
                    "java.lang.InheritableThreadLocal",
                    "java.lang.Process",
                    "java.lang.ProcessBuilder",
                    "java.lang.Runtime",
                    "java.lang.Thread",
                    "java.lang.ThreadLocal",
                    "java.time.Clock",
                    "java.util.Timer",
                    "java.util.TimerTask");

    private static final Set<String> BANNED_CALLS =
            Set.of(
                    "java.lang.Math.random",
                    "java.lang.Object.notify",
                    "java.lang.Object.notifyAll",
                    "java.lang.Object.wait",
                    "java.util.Collection.parallelStream",
                    "java.util.UUID.randomUUID");

    /** All that a core may ask of {@code System}; the rest are clocks, settings and streams. */
    private static final Set<String> SYSTEM_CALLS = Set.of("arraycopy", "identityHashCode");

    private Purity() {}

    /** What makes this core class impure, one sentence each. */
    static Stream<String> impurities(JavaClass type, boolean mayNameFutures) {
        Stream<String> types =
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> !isPure(target, mayNameFutures))
                        .map(target -> type.getName() + " must stay pure: " + target.getName());
        Stream<String> calls =
                type.getAccessesFromSelf().stream()
                        .filter(access -> !isPure(access))
                        .map(access -> type.getName() + " must stay pure: " + nameOf(access));
        Stream<String> locks =
                type.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                        .map(
                                method ->
                                        type.getName()
                                                + " must stay pure: lock of "
                                                + method.getName());
        return Stream.of(types, calls, locks).flatMap(found -> found).distinct();
    }

    private static boolean isPure(JavaClass target, boolean mayNameFutures) {
        String name = target.getName();
        boolean isOurs = target.getPackageName().startsWith("io.tuli");
        if (target.isPrimitive() || isOurs || TYPES.contains(name)) {
            return true;
        }
        boolean isFuture =
                FUTURES.stream().anyMatch(f -> name.equals(f) || name.startsWith(f + "$"));
        return isFuture
                ? mayNameFutures
                : PACKAGES.contains(target.getPackageName()) && !BANNED_TYPES.contains(name);
    }

    private static boolean isPure(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        int parameters =
                access.getTarget() instanceof CodeUnitAccessTarget t
                        ? t.getRawParameterTypes().size()
                        : 0;
        if (owner.equals("java.lang.System")) {
            return SYSTEM_CALLS.contains(name);
        }
        if (owner.startsWith("java.time.") && name.equals("now")) {
            return false;
        }
        boolean seededByChance =
                owner.equals("java.util.Random") && name.equals("<init>") && parameters == 0;
        return !seededByChance && !BANNED_CALLS.contains(nameOf(access));
    }

    private static String nameOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getName();
    }
}
