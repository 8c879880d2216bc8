package io.tuli.login;

import io.tuli.error.Require;

/**
 * How often passwords may be tried. Immutable.
 *
 * @param perAddress from one address in a minute
 * @param perAccount wrong ones for one name in a minute, from wherever
 * @param threads that look at passwords
 */
public record LoginLimits(int perAddress, int perAccount, int threads) {

    public static final LoginLimits DEFAULTS =
            new LoginLimits(120, 20, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    public LoginLimits {
        Require.argument(perAddress >= 1, "logins per address must be >= 1", perAddress);
        Require.argument(perAccount >= 1, "logins per account must be >= 1", perAccount);
        Require.argument(threads >= 1, "threads must be >= 1", threads);
    }
}
