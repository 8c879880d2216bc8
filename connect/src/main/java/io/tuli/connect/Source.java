package io.tuli.connect;

/**
 * Where a service's documents come from when nobody has any: a table, a file. Asked by the member
 * that founds the service, before anybody else hears of it; if that fails or dies, all of it is
 * asked again, by this member or by another.
 *
 * <p>After {@code restore} of Fero.
 */
@FunctionalInterface
public interface Source {

    /**
     * Gives all documents there are, in any order. It may block, and is called on a thread that
     * may; it is interrupted when it gives nothing for the connector's {@link Connector#patience}.
     *
     * @throws Exception where not all of it can be had: then the service does not begin with a part
     *     of it, and it is asked again after a while
     */
    void restore(Restore into) throws Exception;
}
