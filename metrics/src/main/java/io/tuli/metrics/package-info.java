/**
 * Level 17: what members and gateways do, as meters of Micrometer.
 *
 * <p>Read first: {@link io.tuli.metrics.MeshMetrics}, {@link io.tuli.metrics.GatewayMetrics}.
 */
@NullMarked
package io.tuli.metrics;

import org.jspecify.annotations.NullMarked;
