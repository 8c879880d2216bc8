/** The gateway: services of a mesh for browsers and plain HTTP clients. */
@SuppressWarnings("requires-automatic") // bcrypt is a jar
module io.tuli.gateway {
    requires transitive io.tuli.node;
    requires bcrypt;
    requires com.nimbusds.jose.jwt;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.tuli.gateway;
}
