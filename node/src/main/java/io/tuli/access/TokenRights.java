package io.tuli.access;

import io.tuli.RequestId;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Hmac;
import io.tuli.secret.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a token lets its holder do. Immutable. */
final class TokenRights {

    private static final String LABEL = "tuli name 2\0";

    /** Of an id: its two highest bits, 10 for a name. */
    private static final long KIND = 0b11L << 62;

    private static final long NAMED = 0b10L << 62;

    private final String id;
    private final Map<Integer, Rights> byService = new HashMap<>();
    private final Rights others;

    TokenRights(Token.Claims claims) {
        this.id = claims.id();
        claims.services()
                .forEach(
                        (service, rights) ->
                                byService.put(ServiceSpec.numberOf(service), read(rights)));
        this.others = read(claims.services().getOrDefault(Rule.ALL, Rights.NONE.toString()));
    }

    /** Who has the secret may have written anything. */
    private static Rights read(String rights) {
        try {
            return Rights.parse(rights);
        } catch (IllegalArgumentException none) {
            return Rights.NONE;
        }
    }

    Rights of(int service) {
        return byService.getOrDefault(service, others);
    }

    /** The same name of another holder is another. */
    RequestId own(RequestId named) {
        byte[] text = (LABEL + id + "\0" + named).getBytes(StandardCharsets.UTF_8);
        ByteBuffer hash = ByteBuffer.wrap(Hmac.sha256(text));
        return new RequestId(hash.getLong(), (hash.getLong() & ~KIND) | NAMED);
    }
}
