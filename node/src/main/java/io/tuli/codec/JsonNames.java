package io.tuli.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of the objects that a check is inside of: whether one comes twice in its object. Names
 * are the same where they say the same, however they are spelled. Few names are compared with each
 * other, many by a set of strings, which no choice of names makes slow. One thread.
 */
final class JsonNames {

    private static final int FEW = 24;

    /** Of a name: where it begins, where it ends, a hash of what it says. */
    private static final int FIELDS = 3;

    private static final int[] NOTHING = {};

    private final byte[] json;
    private int[] names = NOTHING;
    private int size;

    /** Where the names of each open object begin. */
    private int[] begins = NOTHING;

    private int depth;

    JsonNames(byte[] json) {
        this.json = json;
    }

    /** An object begins. */
    void begin() {
        if (depth == begins.length) {
            begins = Arrays.copyOf(begins, Math.max(4, 2 * depth));
        }
        begins[depth++] = size;
    }

    /** A name in quotes; false if it has half a pair of surrogates, so that no text can be made. */
    boolean add(int from, int end) {
        int hash = 0;
        boolean isPlain = true;
        for (int i = from + 1; i < end - 1; i++) {
            hash = 31 * hash + json[i];
            isPlain &= json[i] != '\\';
        }
        if (!isPlain) {
            String text = JsonString.unquote(json, from, end);
            if (!JsonString.isWhole(text)) {
                return false;
            }
            hash = 0;
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                hash = 31 * hash + b;
            }
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, Math.max(8 * FIELDS, 2 * size));
        }
        names[size] = from;
        names[size + 1] = end;
        names[size + 2] = hash;
        size += FIELDS;
        return true;
    }

    /** The innermost object ends; false if it has a name twice. */
    boolean end() {
        int begin = begins[--depth];
        boolean areDifferent =
                size - begin <= FEW * FIELDS ? areFewDifferent(begin) : areManyDifferent(begin);
        size = begin;
        return areDifferent;
    }

    private boolean areFewDifferent(int begin) {
        for (int a = begin + FIELDS; a < size; a += FIELDS) {
            for (int b = begin; b < a; b += FIELDS) {
                if (names[a + 2] == names[b + 2] && areSame(a, b)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean areSame(int a, int b) {
        return Arrays.equals(json, names[a], names[a + 1], json, names[b], names[b + 1])
                || text(a).equals(text(b));
    }

    private boolean areManyDifferent(int begin) {
        Set<String> texts = new HashSet<>(2 * (size - begin) / FIELDS);
        for (int each = begin; each < size; each += FIELDS) {
            if (!texts.add(text(each))) {
                return false;
            }
        }
        return true;
    }

    private String text(int name) {
        return JsonString.unquote(json, names[name], names[name + 1]);
    }
}
