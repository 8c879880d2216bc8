package io.tuli.write;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.JsonLayout;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a message with a verb of the service's own and prints what its handler replies. */
public final class SendCommand implements Command {

    private static final Parameter VERB = Parameter.one("<VERB>", "Verb, as the handler knows it.");
    private static final Parameter KEY = Parameter.optional("<key>", "Key the message is about.");
    private static final Parameter BODY =
            Parameter.optional(
                    "<body>",
                    "JSON, else text; - reads standard input, @file a file. Of key and body one"
                            + " alone is the key, unless it is a JSON object, array or string.");
    private static final Option ALL =
            Option.flag("--all", "Ask all servers at once and print each one's reply: --to all.");

    public static final Grammar GRAMMAR =
            Grammar.of(
                            "send",
                            "Send a message and print the reply, or each reply of a stream on a"
                                    + " line.")
                    .with(SERVICE)
                    .with(VERB)
                    .with(KEY)
                    .with(BODY)
                    .with(ALL)
                    .with(Addressee.OPTIONS)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final String verb;

    public SendCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.verb = arguments.word(VERB);
    }

    @Override
    public Exit run() {
        if (Verbs.isReserved(verb)) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "verbs that begin with $ are the library's own: " + verb);
        }
        String first = arguments.optional(KEY).orElse("");
        String second = arguments.optional(BODY).orElse("");
        boolean isBodyAlone = second.isEmpty() && first.matches("(?s)[\\[{\"].*");
        String key = isBodyAlone ? "" : first;
        String body = isBodyAlone ? first : second;
        boolean hasBody = isBodyAlone || arguments.optional(BODY).isPresent();
        Payload payload = hasBody ? ValueText.parse(body, tuli.terminal()) : Payload.NONE;
        Addressee addressee = Addressee.of(arguments, arguments.has(ALL));
        return send(
                addressee, addressee.terms(new Write(tuli, arguments).message(verb, key, payload)));
    }

    private Exit send(Addressee addressee, Message message) {
        List<Payload> replies = new ArrayList<>();
        try (Session session = Session.open(tuli)) {
            Service<Payload> target = session.sender(arguments.word(SERVICE));
            Call<Payload> call = addressee.send(session, target, message);
            long began = System.nanoTime();
            Replies incoming = new Replies(call, tuli.timeout());
            for (Payload reply = incoming.next(); reply != null; reply = incoming.next()) {
                if (tuli.isJson()) {
                    replies.add(reply);
                } else {
                    tuli.terminal().line(JsonLayout.of(Json.of(reply), tuli.palette()));
                }
            }
            Payload first = replies.isEmpty() ? Payload.NULL : replies.getFirst();
            long nanos = System.nanoTime() - began;
            tell(new Write.Done(first, session.await(call.committed()), nanos), replies);
            return Exit.OK;
        } catch (TuliException failure) {
            TuliException told = withNearestVerb(failure);
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(Write.failed(told)));
            }
            throw told;
        }
    }

    private TuliException withNearestVerb(TuliException failure) {
        boolean isMisspelt =
                failure.failure() == Failure.METHOD_NOT_ALLOWED
                        && !(failure instanceof Refusal)
                        && !Verbs.BUILT_IN.contains(verb)
                        && !String.valueOf(failure.getMessage()).contains("did you mean");
        if (!isMisspelt) {
            return failure;
        }
        return new TuliException(
                failure.outcome(),
                failure.failure(),
                failure.getMessage() + Nearest.question(verb, Verbs.BUILT_IN));
    }

    /** The replies of a stream are told as they come, unless they have to be one JSON object. */
    private void tell(Write.Done done, List<Payload> replies) {
        if (tuli.isJson()) {
            Map<String, @Nullable Object> object = done.json();
            if (replies.size() > 1) {
                object.put("replies", replies);
            }
            tuli.terminal().line(Json.of(object));
        } else {
            tuli.note(tuli.palette().paint(Colour.FAINT, done.facts()));
        }
    }
}
