package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrownTest {

    /** An exception none of whose methods can be called. */
    private static final class Hostile extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new AssertionError("no message");
        }

        @Override
        public String toString() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no trace");
        }
    }

    /** Always caused by another. */
    private static final class Endless extends RuntimeException {

        private static final long serialVersionUID = 1;

        Endless() {
            super("endless");
        }

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    @Test
    void itsTextIsItsClassAndItsMessage() {
        assertThat(Thrown.text(new IllegalStateException("no")))
                .isEqualTo("java.lang.IllegalStateException: no");
        assertThat(Thrown.text(new IllegalStateException()))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(Thrown.text(new IllegalStateException("x".repeat(100_000)))).hasSize(1_000);
    }

    @Test
    void whoseMethodsThrowIsToldByItsClass() {
        Hostile hostile = new Hostile();

        assertThat(Thrown.text(hostile)).contains("Hostile", "cannot be read");
        assertThat(Thrown.causeOf(hostile)).isNull();
        assertThat(Thrown.printable(hostile))
                .isNotSameAs(hostile)
                .hasMessageContaining("Hostile")
                .hasNoCause();
    }

    @Test
    void whatGoesOnForEverIsNotPrinted() {
        assertThat(Thrown.printable(new Endless())).hasMessageContaining("endless").hasNoCause();
    }

    @Test
    void whatBehavesIsPrintedAsItIs() {
        RuntimeException thrown = new IllegalStateException("no", new RuntimeException("why"));

        assertThat(Thrown.printable(thrown)).isSameAs(thrown);
    }

    @Test
    void whatWouldForgeALineOfALogIsPrintedOnOne() {
        Exception forging = new IllegalStateException("key=\nERROR forged\u001b[2J");
        RuntimeException caused = new IllegalArgumentException("outer", forging);
        RuntimeException suppressing = new IllegalArgumentException("outer");
        suppressing.addSuppressed(forging);

        for (RuntimeException thrown : List.of(caused, suppressing)) {
            StringWriter log = new StringWriter();
            Thrown.printable(thrown).printStackTrace(new PrintWriter(log));

            assertThat(log.toString()).contains("IllegalArgumentException: outer");
            assertThat(log.toString().lines()).noneMatch(line -> line.startsWith("ERROR"));
            assertThat(log.toString()).doesNotContain("\u001b");
        }
        assertThat(Thrown.printable(caused).getCause())
                .hasMessage("java.lang.IllegalStateException: key=\\u000aERROR forged\\u001b[2J");
        assertThat(Thrown.printable(caused).getStackTrace()).isEqualTo(caused.getStackTrace());
    }

    @Test
    void onlyTheVirtualMachinesOwnErrorsAreFatal() {
        assertThat(Thrown.isFatal(new OutOfMemoryError("heap"))).isTrue();
        assertThat(Thrown.isFatal(new InternalError("broken"))).isTrue();
        assertThat(Thrown.isFatal(new StackOverflowError())).isFalse();
        assertThat(Thrown.isFatal(new AssertionError())).isFalse();
        assertThat(Thrown.isFatal(new NoClassDefFoundError())).isFalse();
    }

    @Test
    void whatIsFatalIsThrownOnAndNothingElse() {
        Error fatal = new OutOfMemoryError("heap");

        assertThatThrownBy(() -> Thrown.rethrowIfFatal(fatal)).isSameAs(fatal);
        Thrown.rethrowIfFatal(new StackOverflowError());
        Thrown.rethrowIfFatal(new IllegalStateException());
    }
}
