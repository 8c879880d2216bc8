package io.tuli.cli;

import io.tuli.Mesh;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Amount;
import java.util.concurrent.ExecutionException;

/** What commands have in common that are a member for as long as they run. Stateless. */
final class Foreground {

    private Foreground() {}

    /** The member is this process: whatever ends the one ends the other. */
    static Exit awaitEnd(Invocation tuli, Mesh mesh) throws InterruptedException {
        try {
            mesh.closed().get();
            return Exit.OK;
        } catch (ExecutionException broken) {
            tuli.terminal().say("tuli: this member could not go on: " + broken.getCause());
            return Exit.BROKEN;
        }
    }

    /**
     * The end of a member that was told to go. The JVM would exit with the signal's number; a
     * member that has left in order has done what it was told, so it ends the process itself.
     *
     * @param how it leaves, for people
     */
    static void leave(Invocation tuli, String how, Runnable closing) {
        tuli.note("leaving: " + how);
        long began = System.nanoTime();
        closing.run();
        tuli.note("left after " + Amount.millis(System.nanoTime() - began));
        Runtime.getRuntime().halt(Exit.OK.code());
    }
}
