package io.tuli.write;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.command.Session;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Option;
import java.util.List;

/** Whom a message is for, as options say it. Immutable. */
final class Addressee {

    private static final String OWNER = "owner";
    private static final String ANY = "any";
    private static final String EVERY = "all";

    private static final Option TO =
            Option.value(
                    "--to",
                    "<whom>",
                    "The owner of the key, unless said, or of a service without state any server;"
                            + " any that is ready; all; or a member by its name or id.");
    private static final Option VERSIONS =
            Option.value(
                    "--versions",
                    "<range>",
                    "Any server of these versions alone: 2.x, 2.1, '>=2.1 <3', =2.1-rc1.");
    private static final Option NEAR =
            Option.flag("--near", "Any server, those of this machine before others.");
    private static final Option FAIL_FAST =
            Option.flag("--fail-fast", "End with 3 at once where nobody is there to be asked.");
    private static final Option ONCE =
            Option.flag("--at-most-once", "Send it once: after a lost link nobody is asked again.");

    static final List<Option> OPTIONS = List.of(TO, VERSIONS, NEAR, FAIL_FAST, ONCE);

    private final String whom;
    private final Arguments arguments;

    private Addressee(String whom, Arguments arguments) {
        this.whom = whom;
        this.arguments = arguments;
    }

    /**
     * As the options say.
     *
     * @throws TuliException BAD_REQUEST where they say different things
     */
    static Addressee of(Arguments arguments, boolean areAll) {
        boolean isOfSome = arguments.has(VERSIONS) || arguments.has(NEAR);
        String unless = areAll ? EVERY : isOfSome ? ANY : OWNER;
        String whom = arguments.text(TO).orElse(unless);
        if (areAll && !whom.equals(EVERY)) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "--all is --to all: say one of them, not --to " + whom);
        }
        if (isOfSome && !whom.equals(ANY)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "--versions and --near choose among all servers, --to any: not --to " + whom);
        }
        return new Addressee(whom, arguments);
    }

    /** The message with what else they say. */
    Message terms(Message message) {
        Message fast = arguments.has(FAIL_FAST) ? message.failFast() : message;
        return arguments.has(ONCE) ? fast.atMostOnce() : fast;
    }

    /** Sends it. */
    Call<Payload> send(Session session, Service<Payload> service, Message message) {
        return switch (whom) {
            case OWNER -> service.send(message, Payload.class);
            case ANY -> any(service).send(message, Payload.class);
            case EVERY -> service.all().send(message, Payload.class);
            default -> {
                Member member = member(session.mesh().members());
                yield service.member(member.id()).send(message, Payload.class);
            }
        };
    }

    /** Any server that is ready, as they say. */
    Service.Any any(Service<Payload> service) {
        Service.Any any = service.any();
        any = arguments.has(NEAR) ? any.near() : any;
        return arguments.text(VERSIONS).map(any::version).orElse(any);
    }

    private Member member(List<Member> members) {
        List<Member> meant =
                members.stream()
                        .filter(
                                each ->
                                        each.name().equals(whom)
                                                || each.id().toString().equals(whom))
                        .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        List<String> names = members.stream().filter(Member::isServer).map(Member::name).toList();
        if (meant.isEmpty()) {
            throw new TuliException(
                    Failure.NOT_FOUND,
                    "--to is owner, any, all or a member: there is none "
                            + whom
                            + Nearest.question(whom, names));
        }
        throw new TuliException(
                Failure.BAD_REQUEST,
                "several members have that name, say one's id as `tuli members` prints it: "
                        + whom);
    }
}
