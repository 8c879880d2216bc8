/**
 * Level 11: the event loops of a member, what they hand to each other, and the ways onto them:
 * calls, links, feeds, folds, handlers and reports.
 *
 * <p>Read first: {@link io.tuli.loop.NodeLoop}, {@link io.tuli.loop.Calls}.
 */
@NullMarked
package io.tuli.loop;

import org.jspecify.annotations.NullMarked;
