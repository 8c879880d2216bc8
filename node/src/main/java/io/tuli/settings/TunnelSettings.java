package io.tuli.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Those of the {@link KnownSettings} for tunnels. */
public final class TunnelSettings {

    public static final Setting<Integer> MAX =
            Setting.of(
                    "tunnel.max",
                    Unit.COUNT,
                    "1024",
                    "Tunnels that a member has at once, opened and served; one more is"
                            + " OVERLOADED.");

    public static final Setting<Integer> WINDOW =
            Setting.of(
                    "tunnel.window",
                    Unit.WINDOW,
                    "256KiB",
                    "What one end of a tunnel takes before somebody receives it.");

    public static final Setting<Integer> WINDOWS =
            Setting.of(
                    "tunnel.windows",
                    Unit.BYTES,
                    "64MiB",
                    "What all of them take together; when half of it is given away, the next ones"
                            + " get less each.");

    public static final Setting<Integer> MESSAGE =
            Setting.of(
                    "tunnel.message",
                    Unit.BYTES,
                    "64MiB",
                    "The largest message that receive() takes as a whole; receiveTo() takes any.");

    public static final Setting<Optional<Long>> GATHERED =
            Setting.of(
                    "tunnel.gathered",
                    Unit.LONG_OR_AUTO,
                    "auto",
                    "What receive() has gathered of unfinished messages, in all tunnels; a quarter"
                            + " of the heap if auto. Beyond, the tunnel that gathers ends"
                            + " OVERLOADED.");

    public static final Setting<Duration> LASTS =
            Setting.of(
                    "tunnel.lasts",
                    Unit.DURATION,
                    "1h",
                    "When a tunnel ends whose opening message does not say, within().");

    /** All of these. */
    static final List<Setting<?>> ALL = List.of(MAX, WINDOW, WINDOWS, MESSAGE, GATHERED, LASTS);

    private TunnelSettings() {}
}
