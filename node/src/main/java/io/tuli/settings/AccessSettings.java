package io.tuli.settings;

/** Those of the {@link KnownSettings} by which some may do less than others. */
public final class AccessSettings {

    public static final Setting<String> TOKEN_FILE =
            Setting.of(
                    "token.file",
                    Unit.TEXT,
                    "",
                    "A file with a client's token, instead of the secret; its owner's alone: `tuli"
                            + " token new`.");

    public static final Setting<String> TOKENS_REVOKED =
            Setting.of(
                    "tokens.revoked",
                    Unit.TEXT,
                    "",
                    "A file with ids of tokens that count no more, one a line, for servers.");

    public static final Setting<String> ACCESS_RULES =
            Setting.of(
                    "access.rules",
                    Unit.TEXT,
                    "",
                    "A file of who may do what with which service, for servers: a rule a line.");

    private AccessSettings() {}
}
