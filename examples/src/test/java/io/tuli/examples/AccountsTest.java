package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.examples.Accounts.Account;
import io.tuli.examples.Accounts.Credentials;
import io.tuli.examples.Accounts.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-29")
@Tag("FE-30")
class AccountsTest {

    private final Meshes meshes = new Meshes();
    private final List<String> carried = new CopyOnWriteArrayList<>();

    private Service<Account> accounts;

    @BeforeEach
    void open() {
        for (int i = 0; i < 2; i++) {
            Mesh server = meshes.server();
            server.serve(Accounts.config());
            server.serve(
                    Mail.config((address, letter) -> carried.add(address + ": " + letter.text())));
        }
        accounts = meshes.client().use(Accounts.config());
        assertThat(send("ada", Accounts.REGISTER, new Registration("ada@example.org", "secret")))
                .isEqualTo("welcome");
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void whoIsRegisteredLogsIn() {
        assertThat(send("ada", Accounts.LOGIN, new Credentials("secret"))).isEqualTo("hello");
    }

    @Test
    void wrongPasswordAndUnknownNameAreRefusedAlike() {
        assertRefused(
                Failure.NOT_AUTHORISED,
                () -> send("ada", Accounts.LOGIN, new Credentials("guess")));
        assertRefused(
                Failure.NOT_AUTHORISED,
                () -> send("bob", Accounts.LOGIN, new Credentials("secret")));
    }

    @Test
    void nameIsRegisteredOnce() {
        assertRefused(
                Failure.CONFLICT,
                () -> send("ada", Accounts.REGISTER, new Registration("x@y.org", "other")));
    }

    @Test
    void nobodyWritesAnAccountPastTheHandler() {
        assertRefused(
                Failure.METHOD_NOT_ALLOWED,
                () -> send("ada", "update", new Account("x@y.org", "", "")));
    }

    @Test
    void forgottenPasswordCausesOneLetter() {
        send("ada", Accounts.FORGOT, null);

        await().atMost(Duration.ofSeconds(10)).until(() -> !carried.isEmpty());
        assertThat(carried).containsExactly("ada@example.org: choose a new password");
    }

    private String send(String name, String verb, Object body) {
        return accounts.key(name).send(Message.of(verb, body), String.class).reply().join();
    }

    private static void assertRefused(Failure failure, ThrowingCallable sending) {
        assertThatThrownBy(sending)
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
