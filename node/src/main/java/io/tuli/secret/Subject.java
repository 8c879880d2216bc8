package io.tuli.secret;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a certificate is for: its one URI among the alternative names says so, {@code
 * tuli://mesh/role/name}.
 *
 * @param role what it may be
 * @param name its name, for people and for rules
 * @param anchor the authority that vouches for it
 * @param until when the certificate ends
 */
public record Subject(Role role, String name, X509Certificate anchor, Instant until) {

    private static final int URI_KIND = 6; // RFC 5280, 4.2.1.6: uniformResourceIdentifier
    private static final int NAME_CHARS_MAX = 64;

    /**
     * Reads a certificate that an authority vouches for.
     *
     * @throws IllegalArgumentException where it is not for a member of this mesh
     */
    static Subject of(X509Certificate leaf, X509Certificate anchor, String mesh) {
        List<String> uris = uris(leaf);
        if (uris.size() != 1) {
            throw new IllegalArgumentException(
                    "a certificate must have exactly one URI among its alternative names,"
                            + " tuli://mesh/role/name: it has "
                            + uris.size());
        }
        String uri = uris.getFirst();
        String[] parts = parts(uri);
        Optional<Role> role = parts == null ? Optional.empty() : Role.parse(parts[1]);
        if (parts == null || role.isEmpty()) {
            throw new IllegalArgumentException(
                    "the URI of a certificate must be tuli://mesh/role/name, with role "
                            + Role.all()
                            + ": it is "
                            + uri);
        }
        if (!parts[0].equals(mesh)) {
            throw new IllegalArgumentException(
                    "a certificate must be for this mesh: mesh=" + mesh + " it is for " + uri);
        }
        return new Subject(role.get(), parts[2], anchor, leaf.getNotAfter().toInstant());
    }

    private static List<String> uris(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(URI_KIND))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException unreadable) {
            throw new IllegalArgumentException(
                    "a certificate's alternative names must be readable");
        }
    }

    /** Mesh, role and name; null of anything else. */
    private static String @Nullable [] parts(String text) {
        try {
            URI uri = new URI(text);
            String[] path = String.valueOf(uri.getRawPath()).split("/", -1);
            boolean isOurs =
                    "tuli".equals(uri.getScheme())
                            && uri.getRawAuthority() != null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null
                            && path.length == 3
                            && isName(path[2]);
            return isOurs ? new String[] {uri.getRawAuthority(), path[1], path[2]} : null;
        } catch (URISyntaxException none) {
            return null;
        }
    }

    static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && text.chars().allMatch(Subject::isOfName);
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }
}
