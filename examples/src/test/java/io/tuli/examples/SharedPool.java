package io.tuli.examples;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

/**
 * Who leans on the common pool: a pool that nobody owns, that anybody in the process can fill, and
 * that a blocking task stops. Work runs on an executor that has a name.
 */
final class SharedPool {
    private static final Set<String> PARALLEL = Set.of("parallelStream", "parallel");

    private SharedPool() {}

    /** The calls of this class that run on the common pool, one sentence each. */
    static Stream<String> users(JavaClass type) {
        return type.getAccessesFromSelf().stream()
                .filter(SharedPool::isUse)
                .map(
                        access ->
                                access.getOrigin().getFullName()
                                        + " needs an executor: "
                                        + access.getName())
                .distinct();
    }

    private static boolean isUse(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        String name = target.getName();
        JavaClass owner = target.getOwner();
        if (owner.isAssignableTo(CompletionStage.class)) {
            boolean async = name.endsWith("Async") || name.equals("delayedExecutor");
            return async && !takesExecutor(target);
        }
        return name.equals("commonPool")
                || (PARALLEL.contains(name)
                        && (owner.isAssignableTo(BaseStream.class)
                                || owner.isAssignableTo(Iterable.class)));
    }

    private static boolean takesExecutor(CodeUnitAccessTarget target) {
        return target.getRawParameterTypes().stream()
                .anyMatch(parameter -> parameter.isAssignableTo(Executor.class));
    }
}
