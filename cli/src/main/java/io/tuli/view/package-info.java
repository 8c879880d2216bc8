/**
 * Level 15: what members report, ordered for an operator: rows of a table, colours, JSON. Knows no
 * command and prints nothing.
 *
 * <p>Read first: {@link io.tuli.view.ServiceRows}, {@link io.tuli.view.RingView}.
 */
@NullMarked
package io.tuli.view;

import org.jspecify.annotations.NullMarked;
