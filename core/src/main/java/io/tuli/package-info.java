/**
 * Level 0: what the author of a service imports - vocabulary and contracts, no machinery.
 *
 * <p>Read first: {@link io.tuli.Mesh}, {@link io.tuli.Service}, {@link io.tuli.Handler}.
 */
@NullMarked
package io.tuli;

import org.jspecify.annotations.NullMarked;
