package io.tuli.write;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.command.Acknowledged;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all commands that write have in common: their options, and how they tell what came of it.
 */
final class Write {

    /** What writing commands take. */
    static final Parameter KEY =
            Parameter.one("<key>", "Key, as in 28; a deep key, as in 28.address.city, is a field.");

    static final Parameter VALUE =
            Parameter.one("<value>", "JSON, else text; - reads standard input, @file a file.");

    private static final Option ID =
            Option.value(
                    "--id",
                    "<name>",
                    "Names the request: repeated with the same name it is done once.");

    private static final Option IF_VERSION =
            Option.value(
                    "--if-version",
                    "<version>",
                    "Only if the key's document has this version, as get --versioned and writes"
                            + " with --json tell it, or absent: else exit code 4.");

    private static final Option EXPIRE =
            Option.value(
                    "--expire",
                    "<time>",
                    "The document goes by itself after so long, as in 30s, 2h or 7d, or never."
                            + " Unless said its service says.");

    static final List<Option> OPTIONS = List.of(Acknowledged.ACK, ID, IF_VERSION, EXPIRE);

    private static final int ECHO_MAX = 60;

    private final Invocation tuli;
    private final Arguments arguments;

    Write(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    /** A verb with the options' terms. */
    Message message(String verb, String key, Payload body) {
        Message message =
                Message.of(verb, body)
                        .key(key)
                        .within(tuli.timeout())
                        .commit(Acknowledged.said(arguments));
        Message named = arguments.text(ID).map(message::id).orElse(message);
        Message demanding =
                arguments
                        .text(IF_VERSION)
                        .map(text -> named.ifVersion(version(text)))
                        .orElse(named);
        return arguments.text(EXPIRE).map(text -> expiring(demanding, text)).orElse(demanding);
    }

    private static Message expiring(Message message, String text) {
        return text.equals("never")
                ? message.expireNever()
                : message.expireAfter(Amount.lifetime(text));
    }

    private static LogPosition version(String text) {
        if (text.equals("absent")) {
            return LogPosition.START;
        }
        try {
            return LogPosition.parse(text);
        } catch (IllegalArgumentException noPosition) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "--if-version is absent, or a version as get --versioned prints it: "
                            + text
                            + Nearest.question(text, List.of("absent")));
        }
    }

    /** A value as an echo of what was typed: enough to recognise it. */
    static String shortened(Payload value) {
        String text = value.toString();
        boolean isLong = text.codePointCount(0, text.length()) > ECHO_MAX;
        return isLong ? text.substring(0, text.offsetByCodePoints(0, ECHO_MAX)) + "…" : text;
    }

    /** Sends the message and waits until it is done; tells in JSON where it failed. */
    Done send(Message message) {
        String service = arguments.word(Command.SERVICE);
        try (Session session = Session.open(tuli)) {
            Service<Payload> target = session.sender(service);
            long began = System.nanoTime();
            Call<Payload> call = target.send(message, Payload.class);
            Payload reply = session.await(call.reply());
            Receipt receipt = session.await(call.committed());
            long nanos = System.nanoTime() - began;
            return new Done(reply == null ? Payload.NULL : reply, receipt, nanos);
        } catch (TuliException failure) {
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(failed(failure)));
            }
            throw failure;
        }
    }

    /**
     * Sends a verb about the key, which answers whether the key was there.
     *
     * @param did what the verb has done then, for people
     * @throws TuliException NOT_FOUND where it was not there
     */
    Exit toOneThatIsThere(String verb, String did) {
        String key = arguments.word(KEY);
        String service = arguments.word(Command.SERVICE);
        Done done = send(message(verb, key, Payload.NONE));
        boolean wasThere = done.reply().toString().equals("true");
        if (wasThere || tuli.isJson()) {
            done.tell(tuli, service + "/" + key + " " + did);
        }
        if (!wasThere) {
            throw new TuliException(
                    Failure.NOT_FOUND, "no key " + key + " in service " + service + " to " + verb);
        }
        return Exit.OK;
    }

    /** The facts of a failed write, under the names that those of a good one have. */
    static Map<String, @Nullable Object> failed(TuliException failure) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("ok", false);
        object.put("outcome", failure.outcome().name());
        object.put("partition", null);
        object.put("position", null);
        object.put("version", null);
        object.put("copies", null);
        object.put("disks", null);
        object.put("reply", null);
        object.put("failure", failure.failure().name());
        object.put("message", failure.getMessage());
        if (failure instanceof Refusal refusal) {
            object.put("code", refusal.code());
            object.put("name", refusal.name());
            object.put("data", refusal.data());
            object.put("errors", refusal.errors());
        }
        return object;
    }

    /** A write that is done. */
    record Done(Payload reply, Receipt receipt, long nanos) {

        Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("ok", true);
            object.put("outcome", Outcome.OK.name());
            object.put("partition", receipt.partition());
            object.put("position", Json.position(receipt.position()));
            object.put("version", receipt.position().toString());
            object.put("copies", receipt.copies());
            object.put("disks", receipt.disks());
            object.put("reply", reply);
            return object;
        }

        /** Where it is, how often, and how long it took. */
        String facts() {
            LogPosition position = receipt.position();
            if (receipt.partition() < 0) {
                return Amount.millis(nanos);
            }
            return "partition "
                    + receipt.partition()
                    + "   position "
                    + position.epoch().number()
                    + ":"
                    + position.offset()
                    + "   copies "
                    + receipt.copies()
                    + (receipt.disks() > 0 ? "   disks " + receipt.disks() : "")
                    + "   "
                    + Amount.millis(nanos);
        }

        /** Prints it: as JSON, or what was done and, fainter, the facts. */
        void tell(Invocation tuli, String what) {
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(json()));
            } else if (!tuli.isQuiet()) {
                tuli.terminal().line(what + "   " + tuli.palette().paint(Colour.FAINT, facts()));
            }
        }
    }
}
