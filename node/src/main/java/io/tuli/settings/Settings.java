package io.tuli.settings;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import io.tuli.secret.IdentityFiles;
import io.tuli.secret.SecretFile;
import io.tuli.secret.Token;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is set, and where. Immutable.
 *
 * <p>Code wins over a system property ({@code -Dtuli.port=7400}), that over the environment ({@code
 * TULI_PORT}), that over the file ({@code port=7400}), that over the default. A name that nobody
 * knows is an error, for a setting misspelt is a setting not made; only in the environment, where
 * others put variables too, it is a warning.
 */
public final class Settings {
    private static final String PROPERTY_PREFIX = "tuli.";

    /** What is kept for whoever lags is an eighth. */
    private static final int PART_OF_HEAP = 8;

    private final Map<String, Chosen> chosen = new HashMap<>();
    private final ForeignVariables foreign = new ForeignVariables();
    private final boolean hasForeignFile;

    private Settings(SettingSources sources) {
        Map<String, Setting<?>> known = new HashMap<>();
        for (Setting<?> setting : KnownSettings.ALL) {
            known.put(setting.name(), setting);
            put(setting, setting.standard(), new Origin(Origin.Kind.DEFAULT, ""));
        }
        Found found = new Found(known);
        found.environment(sources.environment());
        found.properties(sources.properties());
        found.plain(sources.code(), new Origin(Origin.Kind.CODE, ""));
        String file = chosen(KnownSettings.CONFIG).text();
        hasForeignFile = sources.isForeign(file);
        found.plain(sources.read(file), new Origin(Origin.Kind.FILE, sources.fileName(file)));
    }

    /**
     * What is set for this process, and by the program itself.
     *
     * @throws TuliException BAD_REQUEST for an unknown name outside the environment, a text that is
     *     no such value, or a file that cannot be read
     */
    public static Settings load(Map<String, String> code) {
        return of(SettingSources.ofThisProcess(code));
    }

    public static Settings of(SettingSources sources) {
        return new Settings(sources);
    }

    /** The value in force. */
    public <T> T value(Setting<T> setting) {
        return setting.parse(chosen(setting).text());
    }

    public Origin origin(Setting<?> setting) {
        return chosen(setting).origin();
    }

    /** All settings in order, with where each is from. */
    public List<Chosen> chosen() {
        List<Chosen> all = new ArrayList<>();
        KnownSettings.ALL.forEach(setting -> all.add(chosen(setting)));
        return all;
    }

    /** What was ignored, in the environment and as a file, for the log: a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(foreign.warnings());
        if (hasForeignFile) {
            warnings.add(
                    "tuli.properties here is not read, for another user can have put it there: it"
                            + " and its directory must be yours and not writable for all; or ask"
                            + " for it by config=tuli.properties");
        }
        return warnings;
    }

    /**
     * The mesh's secrets, said or in a file, the one to prove with first; none in an open mesh.
     *
     * @throws TuliException BAD_REQUEST where both are set, or the file is not as it must be
     */
    public List<String> secrets() {
        String said = value(KnownSettings.SECRET);
        String file = value(KnownSettings.SECRET_FILE);
        if (!said.isEmpty() && !file.isEmpty()) {
            throw refused(
                    "secret or secret.file may be set, not both: secret from "
                            + origin(KnownSettings.SECRET)
                            + ", secret.file from "
                            + origin(KnownSettings.SECRET_FILE));
        }
        if (!file.isEmpty()) {
            return SecretFile.read(Path.of(file));
        }
        return said.isEmpty() ? List.of() : List.of(said);
    }

    /**
     * The token of this member, which then has no secret and no certificate; empty without one.
     *
     * @throws TuliException BAD_REQUEST where it is not as it must be, or there are others, too
     */
    public Optional<Token> token() {
        String file = value(AccessSettings.TOKEN_FILE);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        for (Setting<String> other :
                List.of(KnownSettings.SECRET, KnownSettings.SECRET_FILE, KnownSettings.TLS_CERT)) {
            if (!value(other).isEmpty()) {
                throw refused(
                        "who has a token needs nothing else: set token.file or "
                                + other
                                + ", which is from "
                                + origin(other));
            }
        }
        Token token = SecretFile.readToken(Path.of(file));
        if (token.claims().hasEnded(Instant.now())) {
            throw refused(
                    "a token must not have ended: until="
                            + token.claims().until()
                            + " id="
                            + token.claims().id()
                            + "; have another made, token.file="
                            + file);
        }
        return Optional.of(token);
    }

    /**
     * The files of this member's certificate; empty where it has none.
     *
     * @throws TuliException BAD_REQUEST where some of the three are set, and some are not
     */
    public Optional<IdentityFiles> identity() {
        List<Setting<String>> three =
                List.of(KnownSettings.TLS_CERT, KnownSettings.TLS_KEY, KnownSettings.TLS_CA);
        List<Path> files =
                three.stream()
                        .map(this::value)
                        .filter(file -> !file.isEmpty())
                        .map(Path::of)
                        .toList();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        if (files.size() < three.size()) {
            String missing =
                    three.stream()
                            .filter(setting -> value(setting).isEmpty())
                            .map(Setting::name)
                            .collect(Collectors.joining(", "));
            throw refused("a certificate takes tls.cert, tls.key and tls.ca: not set: " + missing);
        }
        String mesh = value(KnownSettings.MESH);
        return Optional.of(new IdentityFiles(files.get(0), files.get(1), files.get(2), mesh));
    }

    /** The limits in force. */
    public Limits limits() {
        try {
            return Limits.builder()
                    .messageBytes(value(KnownSettings.MESSAGE_BYTES))
                    .keyBytes(value(KnownSettings.KEY_BYTES))
                    .documentDepth(value(KnownSettings.DOCUMENT_DEPTH))
                    .requestDeadline(value(KnownSettings.REQUEST_DEADLINE))
                    .surveyDeadline(value(KnownSettings.SURVEY_DEADLINE))
                    .callsInFlight(value(KnownSettings.CALLS_IN_FLIGHT))
                    .queuedPerPartition(value(KnownSettings.QUEUED_PER_PARTITION))
                    .outboxBytes(value(KnownSettings.OUTBOX_BYTES))
                    .feedUnconsumed(value(KnownSettings.FEED_UNCONSUMED))
                    .dedupWindow(value(KnownSettings.DEDUP_WINDOW))
                    .dedupPerCaller(value(KnownSettings.DEDUP_PER_CALLER))
                    .tombstoneGrace(value(KnownSettings.TOMBSTONE_GRACE))
                    .changelogBytes(value(KnownSettings.CHANGELOG_BYTES))
                    .laggingBytes(laggingBytes())
                    .heldBytes(value(KnownSettings.HELD_BYTES).orElse(0))
                    .handshakeBytes(value(KnownSettings.HANDSHAKE_BYTES))
                    .handshakeTime(value(KnownSettings.HANDSHAKE_TIME))
                    .groups(groups())
                    .build();
        } catch (IllegalArgumentException broken) {
            throw refused(String.valueOf(broken.getMessage()));
        }
    }

    private Limits.Groups groups() {
        return new Limits.Groups(
                value(GroupSettings.PER_PARTITION),
                value(GroupSettings.READERS),
                value(GroupSettings.HANDOVER),
                value(GroupSettings.MEMORY),
                value(GroupSettings.REPORT),
                value(GroupSettings.IN_FLIGHT),
                value(GroupSettings.UNSETTLED),
                value(GroupSettings.REJECTED));
    }

    private int laggingBytes() {
        long heap = Runtime.getRuntime().maxMemory();
        int part = (int) Math.min(Integer.MAX_VALUE, heap / PART_OF_HEAP);
        return value(KnownSettings.LAGGING_BYTES).orElse(part);
    }

    /**
     * A setting in force.
     *
     * @param text its value as it was written
     */
    public record Chosen(Setting<?> setting, String text, Origin origin) {
        /** The value for people to see; nobody is to see a secret. */
        public String shown() {
            return setting.isSecret() && !text.isEmpty() ? "(hidden)" : text;
        }
    }

    private Chosen chosen(Setting<?> setting) {
        Chosen found = chosen.get(setting.name());
        if (found == null) {
            throw new IllegalArgumentException("a setting must be a known one: " + setting);
        }
        return found;
    }

    private void put(Setting<?> setting, String text, Origin origin) {
        Chosen before = chosen.get(setting.name());
        if (before != null && before.origin().kind().compareTo(origin.kind()) < 0) {
            return;
        }
        if (!setting.isReadable(text)) {
            throw refused(
                    "setting "
                            + setting
                            + " must be "
                            + setting.unit().examples()
                            + ": "
                            + (setting.isSecret() ? "(hidden)" : setting + "=" + Excerpt.of(text))
                            + " origin="
                            + origin);
        }
        chosen.put(setting.name(), new Chosen(setting, text.strip(), origin));
    }

    private static TuliException refused(String message) {
        return new TuliException(Failure.BAD_REQUEST, message);
    }

    /** Sorts what was found into what is known. */
    private final class Found {
        private final Map<String, Setting<?>> known;

        Found(Map<String, Setting<?>> known) {
            this.known = known;
        }

        /** Those that begin like ours are ours. */
        void properties(Map<String, String> values) {
            new TreeMap<>(values)
                    .forEach(
                            (place, text) -> {
                                if (place.startsWith(PROPERTY_PREFIX)) {
                                    one(
                                            place.substring(PROPERTY_PREFIX.length()),
                                            text,
                                            new Origin(Origin.Kind.PROPERTY, "-D" + place));
                                }
                            });
        }

        /** Those that begin like ours may be somebody else's. */
        void environment(Map<String, String> values) {
            new TreeMap<>(values)
                    .forEach(
                            (place, text) -> {
                                if (place.startsWith(Setting.VARIABLE_PREFIX)) {
                                    variable(place, text);
                                }
                            });
        }

        private void variable(String place, String text) {
            String name = Setting.nameOf(place);
            Setting<?> setting = known.get(name);
            if (setting == null && !KnownSettings.OTHERS.contains(name)) {
                foreign.unknown(place);
            } else if (setting != null && ForeignVariables.isServiceLink(text)) {
                foreign.serviceLink(setting);
            } else if (setting != null) {
                put(setting, text, new Origin(Origin.Kind.ENVIRONMENT, place));
            }
        }

        /** Names as they are, with or without our prefix. */
        void plain(Map<String, String> values, Origin origin) {
            new TreeMap<>(values)
                    .forEach(
                            (place, text) -> {
                                boolean isPrefixed = place.startsWith(PROPERTY_PREFIX);
                                String name =
                                        isPrefixed
                                                ? place.substring(PROPERTY_PREFIX.length())
                                                : place;
                                one(name, text, origin);
                            });
        }

        private void one(String name, String text, Origin origin) {
            Setting<?> setting = known.get(name);
            if (setting != null) {
                put(setting, text, origin);
            } else if (!KnownSettings.OTHERS.contains(name)) {
                throw refused(
                        "there is no setting "
                                + name
                                + ": origin="
                                + origin
                                + Nearest.question(name, KnownSettings.names()));
            }
        }
    }
}
