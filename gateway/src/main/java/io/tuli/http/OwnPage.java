package io.tuli.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may see what is for people at this machine, such as the console: only one that
 * comes from there, and of no stranger's page. A page of another origin says its {@code Origin}, or
 * that it is {@code cross-site}; one whose name was made to mean this machine says that name as
 * {@code Host}; and what a proxy passes on says so. Stateless.
 */
public final class OwnPage {

    private static final Pattern LOOPBACK_NAME =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d{1,5})?");
    private static final Pattern LOOPBACK_ADDRESS =
            Pattern.compile("127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");
    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    private OwnPage() {}

    /**
     * Null where it may.
     *
     * @param address of the other end
     * @param isPage whether it is for a file of the page, to which others may link
     * @param what is asked for, as {@code the console is}
     */
    public static @Nullable String refusal(
            Request request, String address, boolean isPage, String what) {
        if (!LOOPBACK_ADDRESS.matcher(address).matches()) {
            return what + " for who sits at the gateway's machine";
        }
        String host = request.header(HttpHeaderNames.HOST);
        if (!LOOPBACK_NAME.matcher(host).matches()) {
            return what + " asked for at 127.0.0.1 or localhost";
        }
        for (String each : OF_PROXIES) {
            if (request.headers().contains(each)) {
                return what + " not passed on by proxies";
            }
        }
        String site = request.header("Sec-Fetch-Site");
        boolean isOwn = site.isEmpty() || site.equals("same-origin") || site.equals("none");
        List<String> origins = request.headers().getAll(HttpHeaderNames.ORIGIN);
        boolean isOwnOrigin =
                origins.isEmpty()
                        || origins.equals(List.of("http://" + host))
                        || origins.equals(List.of("https://" + host));
        if (!isOwnOrigin || (!isOwn && !isPage)) {
            return what + " not for pages of other origins";
        }
        return null;
    }
}
