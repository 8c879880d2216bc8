package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tuli.Codec;
import io.tuli.Refusal;
import io.tuli.http.Response;
import io.tuli.invoke.ErrorJson;
import java.util.Set;

/** Refusals as Feathers' clients read them over HTTP. Stateless. */
final class RefusalResponse {

    /** Too many requests, nobody there, no room on a disk. */
    private static final Set<Integer> RETRIED = Set.of(429, 503, 507);

    private RefusalResponse() {}

    /**
     * A refusal's status and what it says; when to try again, where that may help.
     *
     * @param retrySeconds of a server that is too busy, or of a caller that asks too much
     */
    static Response of(Refusal refusal, Codec codec, String retrySeconds) {
        Response response = Response.json(refusal.code(), ErrorJson.bytes(refusal, codec));
        boolean isForLater = RETRIED.contains(refusal.code());
        return isForLater ? response.with(HttpHeaderNames.RETRY_AFTER, retrySeconds) : response;
    }
}
