package io.tuli.cli;

import io.tuli.Payload;
import io.tuli.Verbs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Appends to an array. */
@Command(name = "push", description = "Append to the array at a key, which is made if missing.")
final class PushCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "<key>", description = "Key of the array.")
    private String key = "";

    @Parameters(
            index = "2",
            paramLabel = "<value>",
            description = "JSON, else text; - reads standard input, @file a file.")
    private String value = "";

    PushCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Payload body = ValueText.parse(value, tuli.terminal());
        Write.Done done = write.send(tuli, service, write.message(tuli, Verbs.PUSH, key, body));
        done.tell(tuli, service + "/" + key + "." + done.reply() + " = " + body);
        return Exit.OK.code();
    }
}
