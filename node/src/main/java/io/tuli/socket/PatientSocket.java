package io.tuli.socket;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket whose accepting pauses when it fails: a process that is out of file descriptors cannot
 * accept, and whoever tries again at once, for ever, takes all that a processor has. Thread-safe.
 */
public class PatientSocket extends ServerSocket {

    private static final Logger LOG = LoggerFactory.getLogger(PatientSocket.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long LINE_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final CountDownLatch isClosed = new CountDownLatch(1);
    private final AtomicLong nextLineNanos = new AtomicLong(System.nanoTime());
    private final String name;

    /** Not bound yet; the name is for the log. */
    public PatientSocket(String name) throws IOException {
        this.name = name;
    }

    @Override
    public Socket accept() throws IOException {
        try {
            return acceptOne();
        } catch (IOException failed) {
            if (!isClosed()) {
                pause(failed);
            }
            throw failed;
        }
    }

    /** As any server socket does; in tests it fails. */
    Socket acceptOne() throws IOException {
        return super.accept();
    }

    private void pause(IOException failed) {
        long now = System.nanoTime();
        long next = nextLineNanos.get();
        if (now - next >= 0 && nextLineNanos.compareAndSet(next, now + LINE_EVERY_NANOS)) {
            LOG.warn(
                    "{} accepts no connection for now, it tries each second: port={} cause={}",
                    name,
                    getLocalPort(),
                    failed.toString());
        }
        try {
            isClosed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        isClosed.countDown();
        super.close();
    }
}
