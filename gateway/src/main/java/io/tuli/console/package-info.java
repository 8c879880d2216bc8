/**
 * The console: a page that shows the ring, members, services, keys and events of a mesh, to who
 * sits at the machine. Reads and changes nothing. Level 15.
 *
 * <p>Read first: {@link io.tuli.console.ConsoleRoute}, {@code Sampler}.
 */
@NullMarked
package io.tuli.console;

import org.jspecify.annotations.NullMarked;
