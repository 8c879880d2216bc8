package io.tuli.login;

import io.tuli.Key;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who can log in: documents of a service of the mesh, read from this member's replica.
 * Thread-safe.
 */
final class Users {

    private static final String PATH = "users";
    private static final int ALIKE_MAX = 2;
    private static final int NAMES_MAX = 10_000;

    private final Exposures service;
    private final String loginField;
    private final String passwordField;

    /** Who had which name when it was looked for last: all users are looked at for others alone. */
    private final Map<String, String> idByName =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                            return size() > NAMES_MAX;
                        }
                    });

    /**
     * Of a service.
     *
     * @param service exposes it alone, as {@code users}, to nobody but this
     */
    Users(Exposures service, String loginField, String passwordField) {
        this.service = service;
        this.loginField = loginField;
        this.passwordField = passwordField;
    }

    /** A user as it is kept, with the hash. */
    record Kept(Map<String, @Nullable Object> record, String hash) {}

    /**
     * The one user of this name; null where there is none, or more than one. Looks at all users for
     * a name that it does not know yet, or that has another user now; who has it keeps it when
     * another comes with the same.
     *
     * @param name a text: what was sent is no condition of a query
     */
    @Nullable Kept byLogin(String name) {
        String known = idByName.get(name);
        Map<?, ?> there = known == null ? null : replica().get(Key.of(known), Map.class);
        if (known != null && there != null && name.equals(there.get(loginField))) {
            return kept(known, there);
        }
        Query query = Query.of(Map.of(loginField, Map.of("$in", List.of(name))));
        List<?> found = replica().find(query.paged(ALIKE_MAX, ALIKE_MAX), Map.class).data();
        if (found.size() == 1 && found.getFirst() instanceof Map<?, ?> document) {
            String id = String.valueOf(document.get("id"));
            idByName.put(name, id);
            return kept(id, document);
        }
        idByName.remove(name);
        return null;
    }

    /** The user of an id, as others may see it; null where there is none. */
    @Nullable Map<String, @Nullable Object> byId(String id) {
        Map<?, ?> document = replica().get(Key.of(id), Map.class);
        return document == null ? null : kept(id, document).record();
    }

    private Kept kept(String id, Map<?, ?> document) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("id", id);
        document.forEach((name, value) -> record.put(String.valueOf(name), value));
        Object hash = record.remove(passwordField);
        record.put("id", id);
        return new Kept(record, hash instanceof String text ? text : "");
    }

    private Service<?> replica() {
        return service.find(PATH)
                .filter(Exposed::hasDocuments)
                .map(Exposed::service)
                .orElseThrow(() -> Refusal.unavailable("Nobody serves the users now"));
    }
}
