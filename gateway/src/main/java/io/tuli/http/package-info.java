/**
 * Level 14: HTTP/1.1 for strangers. Connections, whole requests one after the other, responses, and
 * a bound for each thing that a stranger could have without end. Knows nothing of services.
 *
 * <p>Read first: {@link io.tuli.http.HttpServer}, {@link io.tuli.http.Route}, {@link
 * io.tuli.http.Exchange}.
 */
@NullMarked
package io.tuli.http;

import org.jspecify.annotations.NullMarked;
