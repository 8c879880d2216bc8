/**
 * Level 2: the one meaning of every verb: what it does to a document, what it replies, and what it
 * refuses. Requests, handlers' turns and folds all come here.
 *
 * <p>Read first: {@link io.tuli.document.DocumentVerbs}, {@link io.tuli.document.Verdict}.
 */
@NullMarked
package io.tuli.document;

import org.jspecify.annotations.NullMarked;
