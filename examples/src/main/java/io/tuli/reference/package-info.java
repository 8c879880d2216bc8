/**
 * The application that the gateway's conformance kit is run against: its services, and the gateway
 * in front of them, each a process of its own. Level 17.
 *
 * <p>Read first: {@link io.tuli.reference.Reference}, and the table in {@code
 * gateway/kit/README.md}.
 */
@NullMarked
package io.tuli.reference;

import org.jspecify.annotations.NullMarked;
