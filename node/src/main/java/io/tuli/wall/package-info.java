/**
 * Level 7: what keeps users' code from doing harm. Everything that users wrote and this member
 * calls - handlers, folds, merge functions, listeners, subscribers, consumers - is called behind a
 * wall, which takes whatever it throws.
 *
 * <p>Read first: {@link io.tuli.wall.Wall}, {@link io.tuli.wall.WalledSubscriber}.
 */
@NullMarked
package io.tuli.wall;

import org.jspecify.annotations.NullMarked;
