package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Verbs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets several fields together. */
@Command(name = "patch", description = "Set each field of an object below a key, all together.")
final class PatchCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "<key>", description = "Key below which the fields are.")
    private String key = "";

    @Parameters(
            index = "2",
            paramLabel = "<object>",
            description = "A JSON object; - reads standard input, @file a file.")
    private String object = "";

    PatchCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Payload body = ValueText.parse(object, tuli.terminal());
        if (!body.toString().startsWith("{")) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a patch is a JSON object of fields: " + body + "; try '{\"name\":1}'");
        }
        Write.Done done = write.send(tuli, service, write.message(tuli, Verbs.PATCH, key, body));
        done.tell(tuli, service + "/" + key + " + " + body);
        return Exit.OK.code();
    }
}
