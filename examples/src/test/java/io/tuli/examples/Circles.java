package io.tuli.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Classes of one package that need each other in a circle: to understand one, a reader has to
 * understand all of them. A file counts as one class, whatever is nested in it.
 *
 * <p>Two things do not count: the vocabulary of the users, whose nouns speak of each other, and a
 * sealed type that names its own cases. The circles are the strongly connected parts of the graph
 * (Tarjan, 1972).
 */
final class Circles {

    /** A circle of so many classes can be read in one sitting. */
    static final int CLASSES_MAX = 3;

    private final Map<String, Set<String>> uses = new TreeMap<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<Set<String>> circles = new ArrayList<>();

    private Circles() {}

    /** The circles of more than so many of these classes, each sorted by name. */
    static List<Set<String>> longerThan(int classesMax, Stream<JavaClass> classes) {
        Circles circles = new Circles();
        classes.forEach(circles::add);
        return circles.all().stream().filter(circle -> circle.size() > classesMax).toList();
    }

    private void add(JavaClass each) {
        String from = file(each);
        Set<String> targets = uses.computeIfAbsent(from, name -> new TreeSet<>());
        each.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().equals(each.getPackageName()))
                .filter(target -> !isCaseOf(target, each))
                .map(Circles::file)
                .filter(target -> !target.equals(from))
                .forEach(targets::add);
    }

    private static boolean isCaseOf(JavaClass target, JavaClass sealed) {
        Class<?>[] cases = sealed.reflect().getPermittedSubclasses();
        return cases != null && List.of(cases).contains(target.reflect());
    }

    private static String file(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private List<Set<String>> all() {
        for (String each : uses.keySet()) {
            if (!index.containsKey(each)) {
                visit(each);
            }
        }
        return circles;
    }

    private void visit(String each) {
        index.put(each, index.size());
        low.put(each, index.get(each));
        open.push(each);
        for (String next : uses.getOrDefault(each, Set.of())) {
            if (!index.containsKey(next)) {
                visit(next);
                low.merge(each, low.get(next), Math::min);
            } else if (open.contains(next)) {
                low.merge(each, index.get(next), Math::min);
            }
        }
        if (low.get(each).equals(index.get(each))) {
            close(each);
        }
    }

    private void close(String root) {
        Set<String> circle = new TreeSet<>();
        String last;
        do {
            last = open.pop();
            circle.add(last);
        } while (!last.equals(root));
        if (circle.size() > 1) {
            circles.add(circle);
        }
    }
}
