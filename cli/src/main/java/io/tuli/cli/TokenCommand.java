package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.access.Rights;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.Token;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Settings;
import io.tuli.settings.Unit;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a token of the mesh's secret: for who shall have less than the secret. */
final class TokenCommand implements Command {

    private static final String NEW = "new";
    private static final String ALL = "*";
    private static final Duration LONGEST = Duration.ofDays(3_650);
    private static final List<String> ROLES = List.of("client", "operator", "read-only");
    private static final Parameter WHAT =
            Parameter.one("new", "Make a new one, of the first secret in secret.file.");
    private static final Option ID =
            Option.value("--id", "<name>", "What its holder is called, and it is revoked by.");
    private static final Option ROLE =
            Option.value("--role", "<role>", "client unless said; operator or read-only.");
    private static final Option SERVICES =
            Option.value(
                    "--services",
                    "<rights>",
                    "What it is for, as in carts:rw,orders:r (r read, w write, a ask, f follow);"
                            + " * for all others.");
    private static final Option EXPIRES =
            Option.value("--expires", "<duration>", "How long it counts: 30d unless said.");
    private static final Option TO =
            Option.value(
                    "--to",
                    "<file>",
                    "Write it to this new file, for its owner alone, and print nothing.");

    static final Grammar GRAMMAR =
            Grammar.of("token", "Make a token: who has it has some rights until it ends.")
                    .with(WHAT)
                    .with(List.of(ID, ROLE, SERVICES, EXPIRES, TO));

    private final Invocation tuli;
    private final Arguments arguments;

    TokenCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    @Override
    public Exit run() {
        String what = arguments.word(WHAT);
        if (!what.equals(NEW)) {
            throw refused(
                    "a token is made by: tuli token new; not "
                            + what
                            + Nearest.question(what, List.of(NEW)));
        }
        Token token = made();
        Optional<String> to = arguments.text(TO);
        if (to.isPresent()) {
            SecretFile.write(Path.of(to.get()), token.text());
            tuli.note("Written. Its holder takes it by: --setting token.file=" + to.get());
        } else if (tuli.isJson()) {
            tuli.terminal().line(Json.of(Map.of("token", token.text())));
        } else {
            tuli.terminal().line(token.text());
        }
        if (tuli.terminal().out().checkError()) {
            throw refused("the token could not be written, make another one");
        }
        return Exit.OK;
    }

    private Token made() {
        Settings settings = tuli.settings();
        List<String> secrets = settings.secrets();
        if (secrets.isEmpty()) {
            throw refused(
                    "a token is made of the mesh's secret: say --setting secret.file=<file>, with"
                            + " the one that its servers have");
        }
        try {
            Token.Claims claims =
                    new Token.Claims(
                            required(ID, "--id web-1"),
                            role(),
                            Instant.now().plus(life()).truncatedTo(ChronoUnit.SECONDS),
                            services(required(SERVICES, "--services carts:rw,orders:r")));
            String mesh = settings.value(KnownSettings.MESH);
            return Token.of(claims, Secret.of(secrets.getFirst(), mesh));
        } catch (IllegalArgumentException unfit) {
            throw refused(String.valueOf(unfit.getMessage()));
        }
    }

    private String required(Option option, String example) {
        return arguments
                .text(option)
                .orElseThrow(() -> refused("a token has " + option.name() + ", as in " + example));
    }

    private Role role() {
        String text = arguments.text(ROLE).orElse(Role.CLIENT.text());
        if (!ROLES.contains(text)) {
            throw refused(
                    "a token is for client, operator or read-only: "
                            + text
                            + Nearest.question(text, ROLES));
        }
        return Role.parse(text).orElseThrow();
    }

    private Duration life() {
        String text = arguments.text(EXPIRES).orElse("30d");
        try {
            Duration life = Unit.DURATION.parser().apply(text);
            if (life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(LONGEST) <= 0) {
                return life;
            }
        } catch (IllegalArgumentException | ArithmeticException none) {
            // as below
        }
        throw refused("a token counts for 1s to 3650d, as in --expires 30d: " + text);
    }

    private static Map<String, String> services(String text) {
        Map<String, String> services = new LinkedHashMap<>();
        for (String each : text.split(",", -1)) {
            int colon = each.lastIndexOf(':');
            String service = colon < 0 ? each : each.substring(0, colon);
            if (colon < 0 || !(service.equals(ALL) || ServiceConfig.isName(service))) {
                throw refused("services are name:rights, as in carts:rw,orders:r: " + each);
            }
            Rights rights = Rights.parse(each.substring(colon + 1));
            if (services.put(service, rights.toString()) != null) {
                throw refused("a service is named once: " + service);
            }
        }
        return services;
    }

    private static TuliException refused(String why) {
        return new TuliException(Failure.BAD_REQUEST, why);
    }
}
