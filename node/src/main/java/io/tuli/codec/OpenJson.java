package io.tuli.codec;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.log.OpenDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document that is edited. The first edit is made in the bytes, like those of {@link
 * JsonDocuments#apply}; when there are more of them, the containers they reach into are taken apart
 * once, edited, and put together when somebody asks for the document. Both ways give the same
 * bytes. One thread.
 */
final class OpenJson implements OpenDocument {

    /** What nests deeper is always edited in its bytes: for the stack's sake. */
    private static final int DEPTH_MAX = Mapping.DEPTH_MAX;

    private final JsonDocuments documents;

    /** Null while members that were taken apart say what it is. */
    private @Nullable Payload document;

    private @Nullable JsonNode root;
    private boolean isEdited;

    OpenJson(JsonDocuments documents, Payload document) {
        this.documents = documents;
        this.document = document;
    }

    @Override
    public Payload document() {
        Payload known = document;
        if (known == null && root != null) {
            known = root.payload();
            document = known;
        }
        return known == null ? Payload.NONE : known;
    }

    // ---- what is there -------------------------------------------------------------------------

    @Override
    public Payload read(Key key) {
        if (root == null) {
            return documents.read(document(), key);
        }
        JsonNode node = find(root, key.below());
        return node == null ? Payload.NONE : key.isTop() ? document() : node.payload();
    }

    @Override
    public boolean has(Key key) {
        return root == null ? documents.has(document(), key) : find(root, key.below()) != null;
    }

    @Override
    public boolean isObject(Key key) {
        if (root == null) {
            return documents.isObject(document(), key);
        }
        JsonNode node = find(root, key.below());
        return node != null && node.isObject();
    }

    @Override
    public int length(Key key) {
        if (root == null) {
            return documents.length(document(), key);
        }
        JsonNode node = find(root, key.below());
        return node == null ? -1 : node.length();
    }

    @Override
    public boolean contains(Key key, Payload element) {
        if (root == null) {
            return documents.contains(document(), key, element);
        }
        JsonNode node = find(root, key.below());
        return node != null && node.isArray() && node.contains(JsonDocuments.inside(element));
    }

    private static @Nullable JsonNode find(JsonNode root, List<String> path) {
        JsonNode node = root;
        for (int i = 0; i < path.size() && node != null; i++) {
            node = node.child(path.get(i));
        }
        return node;
    }

    @Override
    public @Nullable Misfit misfit(Edit edit) {
        List<String> path = edit.key().below();
        if (path.isEmpty() || JsonDocuments.takesOut(edit)) {
            return null;
        }
        if (root == null) {
            return JsonDocuments.misfit(document(), edit.key());
        }
        JsonNode node = root;
        for (int i = 0; i < path.size(); i++) {
            JsonNode next = node.child(path.get(i));
            if (next == null) {
                return node.hasRoomFor(path.get(i))
                        ? null
                        : new Misfit(JsonDocuments.part(edit.key(), i), node.payload());
            }
            node = next;
        }
        return null;
    }

    // ---- edits ---------------------------------------------------------------------------------

    @Override
    public void apply(Edit edit) {
        JsonNode members = isEdited && !edit.key().isTop() ? opened(edit) : null;
        if (members == null) {
            document = documents.apply(document(), edit);
            root = null;
        } else {
            apply(edit, members);
            document = null;
        }
        isEdited = true;
    }

    /** The document as members, if it and the edit are such as can be taken apart. */
    private @Nullable JsonNode opened(Edit edit) {
        if (edit.key().below().size() > DEPTH_MAX || !isPlain(edit.value())) {
            return null;
        }
        JsonNode known = root;
        if (known == null && document().format() == Format.JSON && isPlain(document())) {
            known = JsonNode.of(document().bytes());
            root = known;
        }
        return known;
    }

    private static boolean isPlain(Payload value) {
        if (value.format() != Format.JSON) {
            return true; // becomes text inside of a document
        }
        JsonCheck.Verdict verdict = JsonCheck.of(value.bytes(), DEPTH_MAX);
        return verdict.isJson() && !verdict.hasSpace();
    }

    private void apply(Edit edit, JsonNode members) {
        List<String> path = edit.key().below();
        byte[] value = JsonDocuments.inside(edit.value());
        switch (edit.kind()) {
            case UPDATE, ADD, INSERT -> {
                if (edit.value().isNone()) {
                    remove(members, path);
                } else {
                    put(members, path, value, JsonDocuments.inserts(edit));
                }
            }
            case REMOVE, EXPIRE -> remove(members, path);
            case INCREMENT ->
                    put(members, path, Numbers.sum(read(edit.key()), edit.value()).bytes(), false);
            case INCLUDE -> push(members, path, value, true);
            case PUSH -> push(members, path, value, false);
            case EXCLUDE -> exclude(members, path, value);
            case TOUCH -> {}
        }
    }

    private static void put(JsonNode root, List<String> path, byte[] value, boolean inserts) {
        JsonNode node = root;
        for (int i = 0; i < path.size(); i++) {
            String segment = path.get(i);
            JsonNode next = node.child(segment);
            if (next == null) {
                grow(node, path, i, value);
                return;
            }
            node.touch();
            if (inserts && i == path.size() - 1 && node.isArray()) {
                node.insert(Place.index(segment), value);
                return;
            }
            node = next;
        }
        node.become(value);
    }

    /** The path ends at a node, which takes the rest of it, or is replaced by it. */
    private static void grow(JsonNode node, List<String> path, int at, byte[] value) {
        String segment = path.get(at);
        if (!node.hasRoomFor(segment)) {
            node.become(JsonDocuments.nested(path, at, value));
        } else if (node.isArray()) {
            node.append(JsonDocuments.nested(path, at + 1, value));
        } else {
            node.add(segment, JsonDocuments.nested(path, at + 1, value));
        }
    }

    private static void remove(JsonNode root, List<String> path) {
        List<String> above = path.subList(0, path.size() - 1);
        String last = path.get(path.size() - 1);
        JsonNode parent = find(root, above);
        if (parent != null && parent.child(last) != null) {
            touch(root, above);
            parent.remove(last);
        }
    }

    private static void push(JsonNode root, List<String> path, byte[] element, boolean isSet) {
        JsonNode array = find(root, path);
        if (array == null || !array.isArray()) {
            put(root, path, JsonDocuments.arrayOf(element), false);
        } else if (element.length > 0 && !(isSet && array.contains(element))) {
            touch(root, path.subList(0, path.size() - 1));
            array.append(element);
        }
    }

    private static void exclude(JsonNode root, List<String> path, byte[] element) {
        JsonNode set = find(root, path);
        if (set != null && set.isArray() && set.contains(element)) {
            touch(root, path.subList(0, path.size() - 1));
            set.removeAll(element);
        }
    }

    private static void touch(JsonNode root, List<String> path) {
        JsonNode node = root;
        node.touch();
        for (int i = 0; i < path.size() && node != null; i++) {
            node = node.child(path.get(i));
            if (node != null) {
                node.touch();
            }
        }
    }
}
