package io.tuli.secret;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * Writes a self-signed X.509 certificate in DER (RFC 5280, ITU-T X.690). Java has no public way to
 * make one, and a library for it is larger than all of this module.
 *
 * <p>It says nothing: its name is the same for all members, and it never expires, because a life
 * ends before.
 */
final class Certificates {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xa0;

    private static final int SERIAL_BYTES = 16;

    /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
    private static final byte[] ECDSA_SHA256 = {
        0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    /** 2.5.4.3, commonName. */
    private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

    private Certificates() {}

    static X509Certificate selfSigned(KeyPair pair, SecureRandom random)
            throws GeneralSecurityException {
        byte[] algorithm = of(SEQUENCE, of(OBJECT_ID, ECDSA_SHA256));
        byte[] name =
                of(
                        SEQUENCE,
                        of(
                                SET,
                                of(
                                        SEQUENCE,
                                        of(OBJECT_ID, COMMON_NAME),
                                        of(UTF8_STRING, ascii("tuli")))));
        byte[] signed =
                of(
                        SEQUENCE,
                        of(VERSION, integer(BigInteger.TWO)), // counted from 0: version 3
                        integer(serial(random)),
                        algorithm,
                        name,
                        of(
                                SEQUENCE,
                                of(UTC_TIME, ascii("000101000000Z")),
                                of(GENERALIZED_TIME, ascii("99991231235959Z"))), // RFC 5280 4.1.2.5
                        name,
                        pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate(), random);
        signature.update(signed);
        byte[] whole =
                of(SEQUENCE, signed, algorithm, of(BIT_STRING, new byte[1], signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static BigInteger serial(SecureRandom random) {
        byte[] bytes = new byte[SERIAL_BYTES];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).setBit(0).clearBit(SERIAL_BYTES * Byte.SIZE - 1);
    }

    private static byte[] integer(BigInteger value) {
        return of(INTEGER, value.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Tag, length and content. */
    private static byte[] of(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> Byte.SIZE);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
