/**
 * Level 17: small services to learn from and to copy. The system tests run them.
 *
 * <p>Read first: {@link io.tuli.examples.Counters}, {@link io.tuli.examples.Accounts}, {@link
 * io.tuli.examples.Teams}.
 */
@NullMarked
package io.tuli.examples;

import org.jspecify.annotations.NullMarked;
