package io.tuli.cli;

import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Creates a key. Prints the key alone, for scripts to catch; the facts go to standard error. */
@Command(
        name = "add",
        description = "Create a key, which must not exist; without one, a new unique key.")
final class AddCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(
            index = "1..2",
            arity = "1..2",
            paramLabel = "[<key>] <value>",
            hideParamSyntax = true,
            description = "Value: JSON, else text; - reads standard input, @file a file.")
    private List<String> keyAndValue = List.of();

    AddCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Payload body = ValueText.parse(keyAndValue.getLast(), tuli.terminal());
        String key = keyAndValue.size() == 2 ? keyAndValue.getFirst() : "";
        Message message = write.message(tuli, Verbs.ADD, key, body);
        Write.Done done = write.send(tuli, service, message);
        if (tuli.isJson()) {
            done.tell(tuli, "");
        } else {
            tuli.terminal().line(Json.plain(done.reply()));
            tuli.note(tuli.palette().paint(Colour.FAINT, done.facts()));
        }
        return Exit.OK.code();
    }
}
