package io.tuli.junit;

import io.tuli.Mesh;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Joins the members of a {@link TuliTest}, hands them to it, and closes them. Thread-safe. */
final class TuliExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(TuliExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        TuliTest wanted =
                AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), TuliTest.class)
                        .orElseThrow();
        store(context).put(TestMesh.class, new TestMesh(wanted.servers(), wanted.clients()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestMesh mesh = store(context).remove(TestMesh.class, TestMesh.class);
        if (mesh != null) {
            mesh.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestMesh.class || type == Mesh.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestMesh mesh = store(context).get(TestMesh.class, TestMesh.class);
        if (mesh == null) {
            throw new ParameterResolutionException(
                    "members are there from @BeforeEach to @AfterEach: not for " + parameter);
        }
        return parameter.getParameter().getType() == TestMesh.class
                ? mesh
                : member(parameter.getParameter(), mesh.members());
    }

    private static Mesh member(Parameter parameter, List<Mesh> members) {
        List<Parameter> wanted =
                Arrays.stream(parameter.getDeclaringExecutable().getParameters())
                        .filter(each -> each.getType() == Mesh.class)
                        .toList();
        if (wanted.size() > members.size()) {
            throw new ParameterResolutionException(
                    "a test takes at most as many Mesh parameters as it has members: parameters="
                            + wanted.size()
                            + " members="
                            + members.size()
                            + "; see @TuliTest(servers, clients)");
        }
        return members.get(wanted.indexOf(parameter));
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
