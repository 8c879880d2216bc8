/** What members and gateways do, as meters of Micrometer. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer is a jar
module io.tuli.metrics {
    requires transitive io.tuli.node;
    requires transitive micrometer.core;
    requires static transitive io.tuli.gateway;
    requires static org.jspecify;

    exports io.tuli.metrics;
}
