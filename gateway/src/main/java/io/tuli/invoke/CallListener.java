package io.tuli.invoke;

/** Hears how calls of clients have ended: on their connection's loop, which it does not hold up. */
@FunctionalInterface
public interface CallListener {

    /**
     * A call has ended.
     *
     * @param path of a service that is exposed; empty where it is none
     * @param provider the transport
     * @param method by its name in Feathers, or one of the service's own
     * @param nanos since it came
     * @param status as HTTP has it
     */
    void ended(String path, String provider, String method, long nanos, int status);
}
