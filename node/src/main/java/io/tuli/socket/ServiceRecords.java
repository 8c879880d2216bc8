package io.tuli.socket;

import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SRV records of DNS (RFC 2782): which hosts and ports have a service. Priority and weight are not
 * looked at, for whoever looks for peers asks all of them. Asks by the JDK's own client; blocks, at
 * most some seconds.
 *
 * <p>That client is behind JNDI, which can be led to load classes by a name with a scheme in it, as
 * {@code ldap:…}. No name that is asked for here can have one: what a user sets is checked where it
 * is set, what a server answers is checked here.
 */
@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // see above; JNDI wants a Hashtable
final class ServiceRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceRecords.class);

    /** In milliseconds; the second attempt waits twice as long. */
    private static final String PATIENCE = "500";

    private static final String ATTEMPTS = "2";

    /** So many records are looked at. */
    private static final int TARGETS_MAX = 1_000;

    /** The hosts of all records are asked for within that time. */
    private static final long TARGETS_NANOS = 3_000_000_000L;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,253}");

    private static final Pattern RECORD =
            Pattern.compile("\\d+ \\d+ (\\d{1,5}) ([A-Za-z0-9_.-]*[A-Za-z0-9_-])\\.?");

    private ServiceRecords() {}

    /**
     * One record.
     *
     * @param addresses what the same server says of the host; empty where it says nothing
     */
    record Target(String host, int port, List<String> addresses) {}

    /**
     * The targets of a name; empty where there are none, or nobody answers.
     *
     * @param server {@code host:port} of who is asked; empty for the system's
     */
    static List<Target> ask(String name, String server) {
        Require.argument(
                NAME.matcher(name).matches(),
                "a name of SRV records has letters, digits, dots, _ and -",
                name);
        Hashtable<String, String> how = new Hashtable<>();
        how.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        how.put(Context.PROVIDER_URL, server.isEmpty() ? "dns:" : "dns://" + server);
        how.put("com.sun.jndi.dns.timeout.initial", PATIENCE);
        how.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
        List<Target> targets = new ArrayList<>();
        try {
            DirContext asked = new InitialDirContext(how);
            try {
                ask(asked, name, targets);
            } finally {
                asked.close();
            }
        } catch (NamingException none) {
            LOG.debug("no SRV records now: name={} reason={}", name, String.valueOf(none));
        }
        return targets;
    }

    private static void ask(DirContext asked, String name, List<Target> targets)
            throws NamingException {
        long begun = System.nanoTime();
        for (String record : values(asked, name, "SRV")) {
            if (targets.size() == TARGETS_MAX || System.nanoTime() - begun > TARGETS_NANOS) {
                return;
            }
            // "priority weight port host."
            Matcher fields = RECORD.matcher(record);
            int port = fields.matches() ? Integer.parseInt(fields.group(1)) : 0;
            if (port > 0 && port <= 65_535) {
                String host = fields.group(2);
                targets.add(new Target(host, port, addresses(asked, host)));
            }
        }
    }

    /** A server that fails with one host has the records of others all the same. */
    private static List<String> addresses(DirContext asked, String host) {
        List<String> addresses = new ArrayList<>();
        for (String type : List.of("A", "AAAA")) {
            try {
                addresses.addAll(values(asked, host, type));
            } catch (NamingException failed) {
                LOG.debug("no addresses now: host={} reason={}", host, String.valueOf(failed));
            }
        }
        return addresses;
    }

    private static List<String> values(DirContext asked, String name, String type)
            throws NamingException {
        List<String> values = new ArrayList<>();
        Attributes answer;
        try {
            answer = asked.getAttributes(name, new String[] {type});
        } catch (NameNotFoundException none) {
            return values;
        }
        Attribute attribute = answer.get(type);
        if (attribute != null) {
            NamingEnumeration<?> all = attribute.getAll();
            while (all.hasMore()) {
                values.add(String.valueOf(all.next()));
            }
        }
        return values;
    }
}
