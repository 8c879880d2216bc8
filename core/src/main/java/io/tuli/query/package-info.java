/**
 * What a query means: which JSON-like records it matches, and their order. Pure: texts, numbers,
 * booleans, lists, maps and null in, answers out; its work is bounded. It lies below the
 * vocabulary, whose {@code Query} is its front door.
 *
 * <p>After the queries of Feathers (feathersjs.com/api/databases/querying), which are MongoDB's;
 * what each means where a path leads through lists is sift's (github.com/crcn/sift.js).
 *
 * <p>Level -1. Read first: {@link io.tuli.query.Conditions}.
 */
@NullMarked
package io.tuli.query;

import org.jspecify.annotations.NullMarked;
