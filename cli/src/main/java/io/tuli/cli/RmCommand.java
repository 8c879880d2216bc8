package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Verbs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a key. */
@Command(name = "rm", description = "Remove a key; exit code 3 when it was not there.")
final class RmCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(
            index = "1",
            paramLabel = "<key>",
            description = "Key; a deep key removes one field.")
    private String key = "";

    RmCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        Write.Done done =
                write.send(tuli, service, write.message(tuli, Verbs.REMOVE, key, Payload.NONE));
        boolean wasThere = done.reply().toString().equals("true");
        if (wasThere || tuli.isJson()) {
            done.tell(tuli, service + "/" + key + " removed");
        }
        if (!wasThere) {
            throw new TuliException(
                    Failure.NOT_FOUND, "no key " + key + " in service " + service + " to remove");
        }
        return Exit.OK.code();
    }
}
