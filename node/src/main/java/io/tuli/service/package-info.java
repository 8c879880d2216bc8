/**
 * Level 10: what a served or used service is on this member: its settings, documents, feeds and
 * handler. It knows no loops.
 *
 * <p>Read first: {@link io.tuli.service.LocalService}.
 */
@NullMarked
package io.tuli.service;

import org.jspecify.annotations.NullMarked;
