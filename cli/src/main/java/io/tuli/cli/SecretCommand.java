package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a secret that nobody can guess. */
final class SecretCommand implements Command {

    private static final String NEW = "new";
    private static final Parameter WHAT = Parameter.one("new", "Make a new one, of 256 bits.");
    private static final Option TO =
            Option.value(
                    "--to",
                    "<file>",
                    "Write it to this new file, for its owner alone, and print nothing.");

    static final Grammar GRAMMAR =
            Grammar.of("secret", "Make a secret for a mesh: who has it belongs to it.")
                    .with(WHAT)
                    .with(List.of(TO));

    private final Invocation tuli;
    private final String what;
    private final Optional<String> to;

    SecretCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.what = arguments.word(WHAT);
        this.to = arguments.text(TO);
    }

    @Override
    public Exit run() {
        if (!what.equals(NEW)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a secret is made by: tuli secret new; not "
                            + what
                            + Nearest.question(what, List.of(NEW)));
        }
        String secret = SecretText.generate();
        if (to.isPresent()) {
            SecretFile.write(Path.of(to.get()), secret);
            tuli.note("Written. Members and clients take it by: --setting secret.file=" + to.get());
        } else if (tuli.isJson()) {
            tuli.terminal().line(Json.of(Map.of("secret", secret)));
        } else {
            tuli.terminal().line(secret);
        }
        requireWritten();
        return Exit.OK;
    }

    /** A secret of which only a part was written would be found out too late. */
    private void requireWritten() {
        if (tuli.terminal().out().checkError()) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "the secret could not be written, make another one");
        }
    }
}
