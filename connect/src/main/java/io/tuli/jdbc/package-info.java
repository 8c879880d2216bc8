/**
 * Level 14: tables of relational databases, for services to begin with and to write to.
 *
 * <p>Read first: {@link io.tuli.jdbc.Jdbc}.
 */
@NullMarked
package io.tuli.jdbc;

import org.jspecify.annotations.NullMarked;
