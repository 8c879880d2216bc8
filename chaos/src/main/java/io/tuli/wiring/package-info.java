/**
 * What connects processes on one machine so that the network between them can be split: namespaces
 * of Linux where root allows it, proxies elsewhere. Knows nothing of meshes but the names of a few
 * settings.
 *
 * <p>Level 12. Read first: {@link io.tuli.wiring.Network}, {@link io.tuli.wiring.Namespaces},
 * {@link io.tuli.wiring.Proxies}.
 */
@NullMarked
package io.tuli.wiring;

import org.jspecify.annotations.NullMarked;
