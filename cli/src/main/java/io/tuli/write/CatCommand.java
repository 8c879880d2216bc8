package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Shutdown;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pattern, line by line: what comes goes to standard output, what goes comes from
 * standard input. The ends that answer or listen serve the service, without state, so two terminals
 * are enough.
 */
public final class CatCommand implements Command {

    /** Which end of which pattern. */
    private enum Role {
        /** Each line to one that pulls, waiting while all are busy. */
        PUSH,
        /** Prints what is pushed to it. */
        PULL,
        /** Each line to one that replies, whose answer is printed. */
        REQ,
        /** Prints requests, and answers each. */
        REP,
        /** Each line under a subject to all that listen. */
        PUB,
        /** Prints what is published. */
        SUB,
        /** Each line to all that respond, whose answers are printed. */
        SURVEYOR,
        /** Prints surveys, and answers each. */
        RESPONDENT,
        /** Lines both ways, to one other end that is alike. */
        PAIR;

        static final List<String> WORDS =
                List.of(
                        "push",
                        "pull",
                        "req",
                        "rep",
                        "pub",
                        "sub",
                        "surveyor",
                        "respondent",
                        "pair");

        static Role of(String word) {
            if (!WORDS.contains(word)) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        "a role is one of "
                                + String.join(", ", WORDS)
                                + ": "
                                + word
                                + Nearest.question(word, WORDS));
            }
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    static final String VERB = "CAT";
    private static final Duration LEAVE = Duration.ofSeconds(5);

    private static final Parameter ROLE =
            Parameter.one(
                    "<role>",
                    "push or pull, req or rep, pub or sub, surveyor or respondent, pair (both ends"
                            + " alike): one end of a pattern.");
    private static final Parameter SUBJECTS =
            new Parameter("<subject>", 0, Parameter.ANY, "For pub the subject, for sub patterns.");
    private static final Option ANSWER =
            Option.value(
                    "--answer",
                    "<value>",
                    "What rep and respondent answer, JSON, else text: what they are asked, unless"
                            + " said.");

    public static final Grammar GRAMMAR =
            Grammar.of(
                            "cat",
                            "Be one end of a pattern of messages: lines of standard input go, what"
                                    + " comes is printed as lines.")
                    .with(SERVICE)
                    .with(ROLE)
                    .with(SUBJECTS)
                    .with(List.of(ANSWER, SubCommand.GROUP, SubCommand.COUNT))
                    .with(Addressee.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final String service;

    public CatCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.service = arguments.word(SERVICE);
    }

    @Override
    public Exit run() throws Exception {
        Role role = Role.of(arguments.word(ROLE));
        int subjects = arguments.words(SUBJECTS).size();
        boolean isRight =
                switch (role) {
                    case PUB -> subjects == 1;
                    case SUB -> subjects >= 1;
                    default -> subjects == 0;
                };
        if (!isRight) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "cat pub takes one subject, cat sub patterns, other roles none: "
                            + arguments.words(SUBJECTS));
        }
        return switch (role) {
            case PUSH, REQ, PUB, SURVEYOR -> sends(role);
            case PULL, REP, SUB, RESPONDENT -> serves(role);
            case PAIR -> pairs();
        };
    }

    // ---- ends that send ------------------------------------------------------------------------

    private Exit sends(Role role) {
        Addressee addressee = Addressee.of(arguments, role == Role.SURVEYOR);
        TextLines lines = new TextLines(tuli.terminal().in());
        long most = SubCommand.count(arguments);
        try (Session session = Session.open(tuli)) {
            Service<Payload> target = session.sender(service);
            for (long i = 0; i < most; i++) {
                Payload line = lines.next();
                if (line == null || tuli.terminal().out().checkError()) {
                    break;
                }
                Message message = addressee.terms(Message.of(VERB, line).within(tuli.timeout()));
                send(role, addressee, session, target, message);
            }
            return Exit.OK;
        }
    }

    private void send(
            Role role,
            Addressee addressee,
            Session session,
            Service<Payload> target,
            Message message) {
        switch (role) {
            case PUB -> {
                Payload body = bodyOf(message);
                int heard = session.publish(target, arguments.words(SUBJECTS).getFirst(), body);
                if (heard == 0) {
                    tuli.note("nobody has heard it");
                }
            }
            case SURVEYOR ->
                    session.await(target.all().answers(message, Payload.class))
                            .values()
                            .forEach(this::answered);
            default -> {
                Payload reply =
                        session.await(addressee.any(target).send(message, Payload.class).reply());
                if (role == Role.REQ) {
                    tuli.terminal().line(TextLines.of(reply == null ? Payload.NULL : reply));
                }
            }
        }
    }

    private void answered(Member by, @Nullable Payload reply) {
        Payload said = reply == null ? Payload.NULL : reply;
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("member", by.name());
        object.put("reply", said);
        tuli.terminal()
                .line(tuli.isJson() ? Json.of(object) : by.name() + " " + TextLines.of(said));
    }

    // ---- ends that are asked -------------------------------------------------------------------

    private Exit serves(Role role) throws InterruptedException {
        long most = SubCommand.count(arguments);
        Payload answer =
                arguments
                        .text(ANSWER)
                        .map(text -> ValueText.parse(text, tuli.terminal()))
                        .orElse(Payload.NONE);
        CountDownLatch done = new CountDownLatch(1);
        AtomicLong left = new AtomicLong(role == Role.SUB ? 0 : most);
        try (Mesh mesh = tuli.server().join()) {
            Shutdown.Registration registration = tuli.shutdown().on(() -> leave(mesh));
            try {
                Service<Void> served =
                        mesh.serve(
                                ServiceConfig.stateless(
                                                service,
                                                (message, turn) ->
                                                        message.verb().equals(VERB)
                                                                        && role != Role.SUB
                                                                ? taken(
                                                                        role, message, answer, left,
                                                                        done)
                                                                : turn.pass())
                                        .capacity(1)
                                        .queue(0));
                mesh.closed().whenComplete((end, broken) -> done.countDown());
                if (role == Role.SUB) {
                    new Listening(tuli, service, most, true)
                            .to(SubCommand.feed(served.events(), arguments, SUBJECTS));
                } else {
                    tuli.note("ready to " + arguments.word(ROLE) + "; Ctrl-C to stop");
                    done.await();
                }
                return Exit.OK;
            } finally {
                registration.close();
            }
        }
    }

    private Exit pairs() throws InterruptedException {
        try (Mesh mesh = tuli.server().join()) {
            Shutdown.Registration registration = tuli.shutdown().on(() -> leave(mesh));
            try {
                new PairEnd(tuli, service, SubCommand.count(arguments)).run(mesh);
                return Exit.OK;
            } finally {
                registration.close();
            }
        }
    }

    /** It has done what it was told, so it does not end with the signal's number. */
    private static void leave(Mesh mesh) {
        mesh.close(LEAVE);
        Runtime.getRuntime().halt(Exit.OK.code());
    }

    private static Payload bodyOf(Message message) {
        return message.body() instanceof Payload payload ? payload : Payload.NONE;
    }

    /** One at a time: while a line cannot be printed, who sends waits, or goes elsewhere. */
    private Object taken(
            Role role, Message message, Payload answer, AtomicLong left, CountDownLatch done) {
        Payload body = bodyOf(message);
        tuli.terminal().line(TextLines.of(body));
        if (left.decrementAndGet() <= 0 || tuli.terminal().out().checkError()) {
            done.countDown();
        }
        if (role == Role.PULL) {
            return Payload.NULL;
        }
        return answer.isNone() ? body : answer;
    }
}
