/**
 * Level 13: what headers of HTTP mean, whatever carries them - from which pages a request may come,
 * for whom a proxy speaks, which trace it belongs to. Stateless.
 *
 * <p>Read first: {@link io.tuli.header.Cors}.
 */
@NullMarked
package io.tuli.header;

import org.jspecify.annotations.NullMarked;
