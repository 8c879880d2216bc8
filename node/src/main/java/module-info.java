/**
 * A member: the core with a network, a clock and a membership. Users import its front door, {@code
 * io.tuli.node}, which brings {@code io.tuli}.
 */
@SuppressWarnings({"module", "requires-automatic"}) // those named come later; JGroups is a jar
module io.tuli.node {
    requires transitive io.tuli.core;
    requires com.fasterxml.jackson.annotation;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires java.naming;
    requires jdk.net;
    requires org.jgroups;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.tuli.bridge;
    exports io.tuli.node;
    exports io.tuli.codec to
            io.tuli.connect,
            io.tuli.gateway,
            io.tuli.sim;
    exports io.tuli.feed to
            io.tuli.sim;
    exports io.tuli.handler to
            io.tuli.sim;
    exports io.tuli.handshake to
            io.tuli.gateway;
    exports io.tuli.hold to
            io.tuli.sim;
    exports io.tuli.loop to
            io.tuli.connect,
            io.tuli.gateway,
            io.tuli.metrics;
    exports io.tuli.membership to
            io.tuli.sim;
    exports io.tuli.secret to
            io.tuli.gateway;
    exports io.tuli.store to
            io.tuli.sim;
    exports io.tuli.wire to
            io.tuli.sim;
    exports io.tuli.wall to
            io.tuli.connect,
            io.tuli.gateway,
            io.tuli.metrics;
    exports io.tuli.fold to
            io.tuli.sim;

    opens io.tuli.membership to
            org.jgroups;
}
