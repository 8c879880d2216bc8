/**
 * What every process of a benchmark needs: the records it sends, the clock it is timed by, the
 * counters of the operating system, and the lines by which it is told what to do.
 *
 * <p>Level 13: knows no product, not even Tuli. Read {@link io.tuli.measure.Child} first, then
 * {@link io.tuli.measure.Records} and {@link io.tuli.measure.Pipeline}.
 */
@NullMarked
package io.tuli.measure;

import org.jspecify.annotations.NullMarked;
