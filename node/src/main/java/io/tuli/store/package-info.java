/**
 * Level 7: documents in memory, written by one loop and read by everybody.
 *
 * <p>Read first: {@link io.tuli.store.SharedState}, {@link io.tuli.store.StateMap}.
 */
@NullMarked
package io.tuli.store;

import org.jspecify.annotations.NullMarked;
