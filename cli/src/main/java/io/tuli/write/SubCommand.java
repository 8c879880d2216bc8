package io.tuli.write;

import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.util.List;

/** Prints what is published of a service while it listens. */
public final class SubCommand implements Command {

    private static final Parameter PATTERNS =
            Parameter.some(
                    "<pattern>",
                    "Subjects: * stands for one token, a last > for one or more, as in 'eu.*.price'"
                            + " or '>'.");
    static final Option GROUP =
            Option.value(
                    "--group",
                    "<name>",
                    "Of all listeners in this group, wherever they are, one gets each.");
    private static final Option LAST =
            Option.flag(
                    "--last",
                    "Begin with the last of each subject, as far as its publisher keeps it.");
    static final Option COUNT = Option.value("--count", "<n>", "Stop after so many.");

    public static final Grammar GRAMMAR =
            Grammar.of("sub", "Print what is published, subject and body, until stopped.")
                    .with(SERVICE)
                    .with(PATTERNS)
                    .with(List.of(GROUP, LAST, COUNT));

    private final Invocation tuli;
    private final Arguments arguments;

    public SubCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    @Override
    public Exit run() throws InterruptedException {
        String service = arguments.word(SERVICE);
        long most = count(arguments);
        try (Session session = Session.open(tuli)) {
            EventFeed all = session.sender(service).events();
            EventFeed feed = feed(arguments.has(LAST) ? all.withLast() : all, arguments, PATTERNS);
            new Listening(tuli, service, most, false).to(feed);
            return Exit.OK;
        }
    }

    static EventFeed feed(EventFeed all, Arguments arguments, Parameter patterns) {
        EventFeed feed = all.subjects(arguments.words(patterns).toArray(new String[0]));
        return arguments.text(GROUP).map(feed::group).orElse(feed);
    }

    static long count(Arguments arguments) {
        String text = arguments.text(COUNT).orElse("");
        if (!text.isEmpty() && !text.matches("[1-9]\\d{0,17}")) {
            throw new TuliException(Failure.BAD_REQUEST, "--count is a number > 0: " + text);
        }
        return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
