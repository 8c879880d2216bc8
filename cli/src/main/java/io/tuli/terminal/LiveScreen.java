package io.tuli.terminal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal's second screen, painted again and again; closed, or when the process is told to go,
 * the first one is back as it was, with its cursor. One thread paints.
 */
public final class LiveScreen implements AutoCloseable {

    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";
    private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final int HEIGHT_UNKNOWN = 24;
    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");

    private final PrintStream out;
    private final Shutdown.Registration registration;

    public LiveScreen(Terminal terminal, Shutdown shutdown) {
        this.out = terminal.out();
        this.registration = shutdown.on(this::restore);
        out.print(ENTER);
    }

    /** Shows these lines, as many as there is room for, and the last one always. */
    public void paint(List<String> lines) {
        int height = height();
        StringBuilder screen = new StringBuilder(HOME);
        int shown = Math.min(lines.size(), height);
        for (int i = 0; i < shown; i++) {
            boolean isLast = i == shown - 1;
            String line = isLast ? lines.getLast() : lines.get(i);
            screen.append(Palette.printable(line)).append(CLEAR_LINE);
            screen.append(isLast ? "" : "\r\n");
        }
        out.print(screen.append(CLEAR_BELOW));
        out.flush();
    }

    private static int height() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            byte[] answer = stty.getInputStream().readNBytes(32);
            stty.waitFor(1, TimeUnit.SECONDS);
            Matcher size = SIZE.matcher(new String(answer, StandardCharsets.US_ASCII).strip());
            return size.matches() ? Math.max(2, Integer.parseInt(size.group(1))) : HEIGHT_UNKNOWN;
        } catch (IOException noSuchCommand) {
            return HEIGHT_UNKNOWN;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return HEIGHT_UNKNOWN;
        }
    }

    private void restore() {
        out.print(LEAVE);
        out.flush();
    }

    @Override
    public void close() {
        registration.close();
        restore();
    }
}
