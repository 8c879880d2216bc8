package io.tuli.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import io.tuli.secret.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rights a member has to a service, and what they let it say. */
class AccessTest {

    private static final int CARTS = ServiceSpec.numberOf("carts");

    private final AtomicReference<Rules> file = new AtomicReference<>(Rules.NONE);
    private final Access access = Access.watched(file::get, Duration.ofSeconds(5));

    private void rules(String... lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            rules.add(Rule.parse(line, "line " + (rules.size() + 1)));
        }
        file.set(new Rules(rules));
        access.changes();
    }

    private String rights(String who, String service) {
        String[] parts = who.split(":");
        return access.state()
                .granted(
                        Role.parse(parts[0]).orElseThrow(), parts[1], ServiceSpec.numberOf(service))
                .rights()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "client:web-1, carts, rw",
        "client:web-, carts, rw",
        "client:batch, carts, r",
        "client:root, carts, -",
        "read-only:web-1, carts, -",
        "operator:ann, carts, rwaf",
        "client:web-1, orders, -",
        "read-only:eve, orders, rf",
        "operator:ann, orders, a",
        "client:web-1, others, rwaf",
        "read-only:eve, others, rf"
    })
    void theFirstRuleThatFitsDecidesAndWhatIsNamedIsForNobodyElse(
            String who, String service, String expected) {
        rules(
                "client:root carts -",
                "client:web-* carts rw",
                "client:batch carts r",
                "client carts -",
                "read-only orders rf",
                "operator:a* orders a");
        assertThat(rights(who, service)).isEqualTo(expected);
    }

    @Test
    void aStarIsForAllServices() {
        rules("client:web carts rw", "client:web * r");
        assertThat(rights("client:web", "carts")).isEqualTo("rw");
        assertThat(rights("client:web", "others")).isEqualTo("r");
        assertThat(rights("client:other", "others")).isEqualTo("-");
    }

    @Test
    void whatAServiceSaysOfItselfComesAfterTheFile() {
        access.serve(
                ServiceConfig.of("carts", Object.class)
                        .allow("client:web-*", "rw")
                        .allow("client", "r"));
        assertThat(rights("client:web-1", "carts")).isEqualTo("rw");
        assertThat(rights("client:other", "carts")).isEqualTo("r");
        assertThat(rights("read-only:eve", "carts")).isEqualTo("-");

        rules("client:web-1 carts -");
        assertThat(rights("client:web-1", "carts")).isEqualTo("-");
        assertThat(rights("client:web-2", "carts")).isEqualTo("rw");
    }

    @Test
    void whatAServiceSaysWronglyIsTold() {
        ServiceConfig<Object> wrong = ServiceConfig.of("carts", Object.class).allow("cleint", "r");
        assertThatThrownBy(() -> access.serve(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean client?");
    }

    // ---- what rights let a member say ----------------------------------------------------------

    private static Frame request(String verb) {
        return new Frame.Request(
                CARTS,
                0,
                1,
                new RequestId(1, 1),
                0,
                1_000,
                Commit.owner(),
                verb,
                Key.of("k"),
                Payload.NONE,
                new TreeMap<>());
    }

    private static Frame ask(String verb) {
        RequestId id = new RequestId(1, 1);
        return new Frame.Ask(CARTS, 1, id, 9, verb, Key.NONE, Payload.NONE, new TreeMap<>());
    }

    private static Frame follow() {
        LogPosition start = LogPosition.START;
        return new Frame.Follow(CARTS, 0, Epoch.ZERO, start, start, false);
    }

    /**
     * Rights, and whether each is allowed: read, count, book, survey to count and to book, follow,
     * hear what is kept.
     */
    @ParameterizedTest
    @CsvSource({
        "-, .......",
        "r, yy.y...",
        "w, ..y....",
        "a, ...yy..",
        "f, .....yy",
        "rwaf, yyyyyyy"
    })
    void eachVerbNeedsARight(String rights, String expected) {
        access.serve(
                ServiceConfig.of("carts", Object.class).reads("COUNT").allow("client", rights));
        MemberAccess client = new MemberAccess(access, Role.CLIENT, "web");
        StringBuilder allowed = new StringBuilder();
        for (Frame frame :
                List.of(
                        request(Reserved.READ),
                        request("COUNT"),
                        request("BOOK"),
                        ask("COUNT"),
                        ask("BOOK"),
                        follow(),
                        ask(Reserved.LAST))) {
            allowed.append(client.of(frame) == Permission.ALLOWED ? 'y' : '.');
        }
        assertThat(allowed).hasToString(expected);
    }

    @Test
    void aDenialSaysTheRuleAndTheFacts() {
        rules("client:web carts r");
        access.serve(ServiceConfig.of("carts", Object.class));
        MemberAccess client = new MemberAccess(access, Role.CLIENT, "web");
        assertThat(client.of(request("update"))).isEqualTo(Permission.DENIED);
        assertThat(client.why(request("update")))
                .isEqualTo(
                        "the rights of who asks must allow it: role=client verb=update needs=w"
                                + " has=r by=line 1 name=web");
        assertThat(new MemberAccess(access, Role.CLIENT, "eve").why(follow()))
                .endsWith("role=client needs=f has=- by=no rule is for this member name=eve");
    }

    @Test
    void aServerNeedsNoRule() {
        rules("client * -");
        MemberAccess server = new MemberAccess(access, Role.SERVER, "s");
        assertThat(server.of(request("update"))).isEqualTo(Permission.ALLOWED);
        assertThat(server.isChanged()).isFalse();
    }

    // ---- change --------------------------------------------------------------------------------

    @Test
    void rulesCountFromTheMomentTheyChange() {
        MemberAccess client = new MemberAccess(access, Role.CLIENT, "web");
        assertThat(client.of(request("update"))).isEqualTo(Permission.ALLOWED);
        rules("client carts r");
        assertThat(client.of(request("update"))).isEqualTo(Permission.DENIED);
    }

    @Test
    void whoHasUsedWhatItMayNotUseAnyMoreIsKnownWhateverItSaysMeanwhile() {
        MemberAccess client = new MemberAccess(access, Role.CLIENT, "web");
        client.of(follow());
        rules("client others r");
        assertThat(client.isChanged()).isFalse();
        rules("client carts rw");
        client.of(request("update"));
        assertThat(client.isChanged()).isTrue();
    }

    @Test
    void whoNamesMoreServicesThanThereAreHidesNoneBehindThem() {
        MemberAccess client = new MemberAccess(access, Role.CLIENT, "web");
        for (int service = 0; service < 2_000; service++) {
            LogPosition start = LogPosition.START;
            client.of(new Frame.Follow(service, 0, Epoch.ZERO, start, start, false));
        }
        client.of(follow());
        rules("client carts r");
        assertThat(client.isChanged()).isTrue();
    }

    @Test
    void aFileThatIsWrongLeavesTheEarlierRulesInForce() {
        Rules before = new Rules(List.of(Rule.parse("client carts r", "line 1")));
        AtomicReference<Rules> good = new AtomicReference<>(before);
        Access watched =
                Access.watched(
                        () -> {
                            if (good.get().all().isEmpty()) {
                                throw new TuliException(Failure.BAD_REQUEST, "it cannot be read");
                            }
                            return good.get();
                        },
                        Duration.ofSeconds(5));
        good.set(Rules.NONE);
        assertThat(watched.changes()).isFalse();
        MemberAccess client = new MemberAccess(watched, Role.CLIENT, "web");
        assertThat(client.of(request("update"))).isEqualTo(Permission.DENIED);
        good.set(before);
        assertThat(watched.changes()).isFalse();
    }

    @Test
    void whatTheHolderOfATokenAsksForKeepsTheVersionsItIsForAndSaysWhoAsks() {
        Token.Claims claims =
                new Token.Claims(
                        "web-1", Role.CLIENT, Instant.now().plusSeconds(60), Map.of("*", "rw"));
        MemberAccess holder = new MemberAccess(access, Role.CLIENT, "web-1", claims, false);
        Frame.Ask ask =
                new Frame.Ask(
                        ServiceSpec.numberOf("carts"),
                        1,
                        new RequestId(1, 1),
                        1_000,
                        "GO",
                        Key.NONE,
                        Payload.NONE,
                        new TreeMap<>());

        Frame.Ask own = (Frame.Ask) holder.own(ask.with(Extensions.NONE.servedAs("2.x")));

        assertThat(own.extensions().servedAs()).isEqualTo("2.x");
        assertThat(own.extensions().caller()).isNotNull();
    }
}
