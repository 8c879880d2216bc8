package io.tuli.cli;

import io.tuli.Payload;
import io.tuli.Verbs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the value at a key. */
@Command(name = "set", description = "Set the value at a key; deep keys set one field.")
final class SetCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(
            index = "1",
            paramLabel = "<key>",
            description = "Key, as in 28 or 28.address.city.")
    private String key = "";

    @Parameters(
            index = "2",
            paramLabel = "<value>",
            description = "JSON, else text; - reads standard input, @file a file.")
    private String value = "";

    SetCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Payload body = ValueText.parse(value, tuli.terminal());
        Write.Done done = write.send(tuli, service, write.message(tuli, Verbs.UPDATE, key, body));
        done.tell(tuli, service + "/" + key + " = " + body);
        return Exit.OK.code();
    }
}
