/**
 * Level 14: how callers prove who they are: by a password once, then by a token. Knows nothing of
 * HTTP or of sockets.
 *
 * <p>Read first: {@link io.tuli.login.UserLogins}, {@link io.tuli.login.Tokens}.
 */
@NullMarked
package io.tuli.login;

import org.jspecify.annotations.NullMarked;
