package io.tuli.examples;

import static java.util.stream.Collectors.toMap;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The rules that need the grammar of Java, read with the compiler's own parser. */
final class SyntaxRules extends TreeScanner<Void, Void> {
    static final int METHOD_LINES_MAX = 60;
    static final int PARAMETERS_MAX = 6;

    private static final Set<String> ASYNC_STARTERS = Set.of("supplyAsync", "runAsync");

    private final TextFile file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Finding> findings;
    private boolean inRecord;

    private SyntaxRules(
            TextFile file,
            CompilationUnitTree unit,
            SourcePositions positions,
            List<Finding> findings) {
        this.file = file;
        this.unit = unit;
        this.positions = positions;
        this.findings = findings;
    }

    static List<Finding> check(List<TextFile> javaFiles) throws IOException {
        if (javaFiles.isEmpty()) {
            return List.of();
        }
        Map<URI, TextFile> byUri =
                javaFiles.stream().collect(toMap(SyntaxRules::uriOf, Function.identity()));
        List<Source> sources = javaFiles.stream().map(Source::new).toList();
        JavacTask task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(null, null, problem -> {}, null, null, sources);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<Finding> findings = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            TextFile file = byUri.get(unit.getSourceFile().toUri());
            new SyntaxRules(file, unit, positions, findings).scan(unit, null);
        }
        return findings;
    }

    private static URI uriOf(TextFile file) {
        return URI.create("string:///" + file.name());
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
        BannedWords.in(type.getSimpleName().toString()).forEach(message -> report(type, message));
        if (file.isMain() && type.getKind() != Tree.Kind.INTERFACE) {
            type.getMembers().forEach(this::checkField);
        }
        boolean outer = inRecord;
        inRecord = type.getKind() == Tree.Kind.RECORD;
        super.visitClass(type, null);
        inRecord = outer;
        return null;
    }

    private void checkField(Tree member) {
        if (member instanceof VariableTree field) {
            Set<Modifier> modifiers = field.getModifiers().getFlags();
            if (modifiers.contains(Modifier.STATIC) && !modifiers.contains(Modifier.FINAL)) {
                report(field, "a static field must be final: " + field.getName());
            }
        }
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
        int lines = 1 + lineOf(endOf(method)) - lineOf(startOf(method));
        if (lines > METHOD_LINES_MAX) {
            report(
                    method,
                    "split " + named(method) + " lines=" + lines + " max=" + METHOD_LINES_MAX);
        }
        int parameters = method.getParameters().size();
        boolean declaresComponents = inRecord && method.getReturnType() == null;
        if (parameters > PARAMETERS_MAX && !declaresComponents) {
            report(
                    method,
                    "give a record to "
                            + named(method)
                            + " parameters="
                            + parameters
                            + " max="
                            + PARAMETERS_MAX);
        }
        if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
            reportLock(method);
        }
        return super.visitMethod(method, null);
    }

    @Override
    public Void visitSynchronized(SynchronizedTree block, Void none) {
        reportLock(block);
        return super.visitSynchronized(block, null);
    }

    private void reportLock(Tree tree) {
        if (file.name().startsWith("core/src/main/")) {
            report(tree, "the core has no locks: one thread owns it");
        }
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
        String select = call.getMethodSelect().toString();
        if (file.isTest() && isSleep(select)) {
            report(call, "a test never sleeps: wait for a condition with a deadline");
        }
        if (file.isMain()) {
            checkPool(call, select.substring(select.lastIndexOf('.') + 1));
        }
        return super.visitMethodInvocation(call, null);
    }

    private void checkPool(MethodInvocationTree call, String name) {
        if (name.equals("commonPool") || name.equals("parallelStream")) {
            report(call, "the common pool is banned: name your executor");
        }
        if (ASYNC_STARTERS.contains(name) && call.getArguments().size() == 1) {
            report(call, "the common pool is banned: give " + name + " an executor");
        }
    }

    private static boolean isSleep(String select) {
        return select.equals("Thread.sleep") || select.matches("(.*\\.)?TimeUnit\\.\\w+\\.sleep");
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void none) {
        if (annotation.getAnnotationType().toString().equals("Disabled")
                && annotation.getArguments().isEmpty()) {
            report(annotation, "@Disabled needs its reason");
        }
        return super.visitAnnotation(annotation, null);
    }

    private void report(Tree tree, String message) {
        findings.add(new Finding(file.name(), lineOf(startOf(tree)), message));
    }

    private static String named(MethodTree method) {
        return method.getName() + "():";
    }

    private long startOf(Tree tree) {
        return positions.getStartPosition(unit, tree);
    }

    private long endOf(Tree tree) {
        return positions.getEndPosition(unit, tree);
    }

    private int lineOf(long position) {
        return position < 0 ? 1 : (int) unit.getLineMap().getLineNumber(position);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final TextFile file;

        Source(TextFile file) {
            super(uriOf(file), JavaFileObject.Kind.SOURCE);
            this.file = file;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
