package io.tuli.node;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the logger {@code tuli.audit} says from now on, which tests else leave out. One thread. */
final class AuditLines implements AutoCloseable {

    private static final int INFO = 20;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final int level = level(INFO);

    AuditLines() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    /** The backend of tests has no way to be told of a level once it has begun. */
    private static int level(int changed) {
        Logger audit = LoggerFactory.getLogger("tuli.audit");
        try {
            Field level = audit.getClass().getDeclaredField("currentLogLevel");
            level.setAccessible(true);
            int old = level.getInt(audit);
            level.setInt(audit, changed);
            return old;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> all() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("tuli.audit"))
                .toList();
    }

    /** Those of a kind about somebody. */
    List<String> of(String kind, String who) {
        return all().stream()
                .filter(line -> line.contains("kind=" + kind + " who=" + who))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
        level(level);
        before.print(written.toString(StandardCharsets.UTF_8));
    }
}
