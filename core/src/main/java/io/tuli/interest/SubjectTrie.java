package io.tuli.interest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by patterns of subjects: a tree of tokens. A look-up follows, token by token, the child of
 * that name and the child {@code *}, and takes along what was added with {@code >} on its way. It
 * allocates nothing, and ends at the first token nobody asked for.
 *
 * <p>The worst case is bounded by the rules of {@link Subjects}: with at most 4 stars in a pattern
 * no more than some 2,500 ways lead through 16 tokens, however many patterns there are.
 *
 * <p>Children lie in tables with open addressing. Tokens come from strangers, so they are hashed
 * from a number that strangers do not know. One thread.
 */
final class SubjectTrie<T> {

    private final Node<T> root = new Node<>();
    private final long seed;

    // Of the subject that is being looked up: where its tokens end, and their hashes.
    private final int[] ends = new int[Subjects.TOKENS_MAX];
    private final int[] hashes = new int[Subjects.TOKENS_MAX];
    private String subject = "";
    private int known;
    private int size;

    SubjectTrie(long seed) {
        this.seed = seed;
    }

    /** How many values there are. */
    int size() {
        return size;
    }

    /** Adds a value to a valid pattern. */
    void add(String pattern, T value) {
        Node<T> node = root;
        int from = 0;
        while (from <= pattern.length()) {
            int to = Subjects.endOfToken(pattern, from);
            String token = pattern.substring(from, to);
            if (token.equals(Subjects.REST)) {
                node.rest = with(node.rest, value);
                size++;
                return;
            }
            node = node.childFor(token, hash(pattern, from, to));
            from = to + 1;
        }
        node.here = with(node.here, value);
        size++;
    }

    /** Takes one such value away from a pattern; false if there was none. */
    boolean remove(String pattern, T value) {
        boolean isRemoved = remove(root, pattern, 0, value);
        size -= isRemoved ? 1 : 0;
        return isRemoved;
    }

    private boolean remove(Node<T> node, String pattern, int from, T value) {
        if (from > pattern.length()) {
            boolean isThere = node.here != null && node.here.remove(value);
            node.here = isThere && node.here != null && node.here.isEmpty() ? null : node.here;
            return isThere;
        }
        int to = Subjects.endOfToken(pattern, from);
        String token = pattern.substring(from, to);
        if (token.equals(Subjects.REST)) {
            boolean isThere = node.rest != null && node.rest.remove(value);
            node.rest = isThere && node.rest != null && node.rest.isEmpty() ? null : node.rest;
            return isThere;
        }
        int hash = hash(pattern, from, to);
        Node<T> child =
                token.equals(Subjects.STAR) ? node.star : node.find(pattern, from, to, hash);
        if (child == null || !remove(child, pattern, to + 1, value)) {
            return false;
        }
        if (child.isEmpty()) {
            node.drop(token, hash);
        }
        return true;
    }

    private static <T> List<T> with(@Nullable List<T> list, T value) {
        List<T> more = list == null ? new ArrayList<>(1) : list;
        more.add(value);
        return more;
    }

    /** Adds to the list all values whose patterns a valid subject fits; those of two, twice. */
    void match(String valid, List<? super T> into) {
        subject = valid;
        known = 0;
        match(root, 0, 0, into);
    }

    private void match(Node<T> node, int index, int from, List<? super T> into) {
        if (from > subject.length()) {
            addAll(node.here, into);
            return;
        }
        addAll(node.rest, into);
        if (known == index) {
            ends[index] = Subjects.endOfToken(subject, from);
            hashes[index] = hash(subject, from, ends[index]);
            known++;
        }
        int to = ends[index];
        Node<T> child = node.find(subject, from, to, hashes[index]);
        if (child != null) {
            match(child, index + 1, to + 1, into);
        }
        if (node.star != null) {
            match(node.star, index + 1, to + 1, into);
        }
    }

    private static <T> void addAll(@Nullable List<T> some, List<? super T> into) {
        if (some != null) {
            for (int i = 0; i < some.size(); i++) {
                into.add(some.get(i));
            }
        }
    }

    private int hash(String text, int from, int to) {
        long hash = seed;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ (hash >>> 32));
    }

    /** A place in the tree. */
    private static final class Node<T> {

        private static final int FEW = 4;

        private @Nullable List<T> here;
        private @Nullable List<T> rest;
        private @Nullable Node<T> star;
        private @Nullable Child<T> @Nullable [] children;
        private int count;

        boolean isEmpty() {
            return here == null && rest == null && star == null && count == 0;
        }

        @Nullable Node<T> find(String text, int from, int to, int hash) {
            @Nullable Child<T>[] table = children;
            if (table == null) {
                return null;
            }
            int mask = table.length - 1;
            int slot = hash & mask;
            Child<T> child = table[slot];
            while (child != null) {
                if (child.hash == hash && child.isNamed(text, from, to)) {
                    return child.node;
                }
                slot = (slot + 1) & mask;
                child = table[slot];
            }
            return null;
        }

        Node<T> childFor(String token, int hash) {
            if (token.equals(Subjects.STAR)) {
                if (star == null) {
                    star = new Node<>();
                }
                return star;
            }
            Node<T> known = find(token, 0, token.length(), hash);
            if (known != null) {
                return known;
            }
            Child<T> added = new Child<>(token, hash, new Node<>());
            @Nullable Child<T>[] table = children;
            if (table == null || 2 * count >= table.length) {
                table = grown(table);
                children = table;
            }
            put(table, added);
            count++;
            return added.node;
        }

        private static <T> @Nullable Child<T>[] grown(@Nullable Child<T> @Nullable [] old) {
            @Nullable Child<T>[] table = table(old == null ? FEW : 2 * old.length);
            if (old != null) {
                for (Child<T> each : old) {
                    if (each != null) {
                        put(table, each);
                    }
                }
            }
            return table;
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
        private static <T> @Nullable Child<T>[] table(int length) {
            return new Child[length];
        }

        private static <T> void put(@Nullable Child<T>[] table, Child<T> child) {
            int slot = child.hash & (table.length - 1);
            while (table[slot] != null) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = child;
        }

        void drop(String token, int hash) {
            @Nullable Child<T>[] table = children;
            if (token.equals(Subjects.STAR) || table == null) {
                star = null;
                return;
            }
            int mask = table.length - 1;
            int slot = hash & mask;
            Child<T> child = table[slot];
            while (child != null && !(child.hash == hash && child.token.equals(token))) {
                slot = (slot + 1) & mask;
                child = table[slot];
            }
            if (child == null) {
                return;
            }
            table[slot] = null;
            count--;
            // Those that had to pass over it are put where they are found without it.
            slot = (slot + 1) & mask;
            for (Child<T> next = table[slot]; next != null; next = table[slot]) {
                table[slot] = null;
                put(table, next);
                slot = (slot + 1) & mask;
            }
            if (count == 0) {
                children = null;
            }
        }
    }

    /** A child, its name, and the hash of that. */
    private record Child<T>(String token, int hash, Node<T> node) {

        boolean isNamed(String text, int from, int to) {
            return token.length() == to - from && text.startsWith(token, from);
        }
    }
}
