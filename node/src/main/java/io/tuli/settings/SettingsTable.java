package io.tuli.settings;

/** The settings as a table in Markdown, for {@code docs/tuning.md}. */
public final class SettingsTable {
    private SettingsTable() {}

    /** One line a setting, in their order. */
    public static String markdown() {
        StringBuilder table =
                new StringBuilder("| setting | default | unit | what it is |\n|---|---|---|---|\n");
        for (Setting<?> setting : KnownSettings.ALL) {
            table.append("| `")
                    .append(setting.name())
                    .append("` | ")
                    .append(setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`")
                    .append(" | ")
                    .append(setting.unit().name())
                    .append(" | ")
                    .append(setting.description())
                    .append(" |\n");
        }
        return table.toString();
    }
}
