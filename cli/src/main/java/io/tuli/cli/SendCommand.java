package io.tuli.cli;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Nearest;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.terminal.Json;
import io.tuli.terminal.JsonLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a message with a verb of the service's own and prints what its handler replies. */
@Command(
        name = "send",
        description = "Send a message and print the reply, or each reply of a stream on a line.")
final class SendCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Mixin private final Write write = new Write();

    @Parameters(index = "0", paramLabel = "<service>", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "<VERB>", description = "Verb, as the handler knows it.")
    private String verb = "";

    @Parameters(
            index = "2..3",
            arity = "0..2",
            paramLabel = "[<key>] [<body>]",
            hideParamSyntax = true,
            description =
                    "Body: JSON, else text; - reads standard input, @file a file. One argument is"
                            + " the key unless it is a JSON object, array or string.")
    private List<String> keyAndBody = List.of();

    @Option(names = "--all", description = "Ask all servers at once and print each one's reply.")
    private boolean all;

    SendCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        if (Verbs.isReserved(verb)) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "verbs that begin with $ are the library's own: " + verb);
        }
        boolean isBodyAlone =
                keyAndBody.size() == 1 && keyAndBody.getFirst().matches("(?s)[\\[{\"].*");
        String key = keyAndBody.isEmpty() || isBodyAlone ? "" : keyAndBody.getFirst();
        Payload body =
                keyAndBody.size() == 2 || isBodyAlone
                        ? ValueText.parse(keyAndBody.getLast(), tuli.terminal())
                        : Payload.NONE;
        return send(write.message(tuli, verb, key, body));
    }

    private int send(Message message) {
        List<Payload> replies = new ArrayList<>();
        try (Session session = Session.open(tuli)) {
            Service<Payload> target = session.sender(service);
            Call<Payload> call =
                    all
                            ? target.all().send(message, Payload.class)
                            : target.send(message, Payload.class);
            Replies incoming = new Replies(call, tuli.timeout());
            for (Payload reply = incoming.next(); reply != null; reply = incoming.next()) {
                if (tuli.isJson()) {
                    replies.add(reply);
                } else {
                    tuli.terminal().line(JsonLayout.of(Json.of(reply), tuli.palette()));
                }
            }
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(json(replies, session.await(call.committed()))));
            }
            return Exit.OK.code();
        } catch (TuliException failure) {
            TuliException told = withNearestVerb(failure);
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(Write.failed(told)));
            }
            throw told;
        }
    }

    private TuliException withNearestVerb(TuliException failure) {
        if (failure.failure() != Failure.METHOD_NOT_ALLOWED) {
            return failure;
        }
        return new TuliException(
                failure.outcome(),
                failure.failure(),
                failure.getMessage() + Nearest.question(verb, Verbs.BUILT_IN));
    }

    private static Map<String, @Nullable Object> json(
            List<Payload> replies, @Nullable Receipt receipt) {
        Payload first = replies.isEmpty() ? Payload.NULL : replies.getFirst();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (receipt != null) {
            object.putAll(new Write.Done(first, receipt, 0).json());
        }
        if (replies.size() > 1) {
            object.put("replies", replies);
        }
        return object;
    }
}
