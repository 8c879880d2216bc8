package io.tuli.secret;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
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
        byte[] algorithm = Der.of(Der.SEQUENCE, Der.of(Der.OBJECT_ID, ECDSA_SHA256));
        byte[] name =
                Der.of(
                        Der.SEQUENCE,
                        Der.of(
                                Der.SET,
                                Der.of(
                                        Der.SEQUENCE,
                                        Der.of(Der.OBJECT_ID, COMMON_NAME),
                                        Der.of(Der.UTF8_STRING, Der.ascii("tuli")))));
        byte[] signed =
                Der.of(
                        Der.SEQUENCE,
                        Der.of(VERSION, Der.integer(BigInteger.TWO)), // counted from 0: version 3
                        Der.integer(serial(random)),
                        algorithm,
                        name,
                        Der.of(
                                Der.SEQUENCE,
                                Der.of(Der.UTC_TIME, Der.ascii("000101000000Z")),
                                Der.of(
                                        Der.GENERALIZED_TIME,
                                        Der.ascii("99991231235959Z"))), // RFC 5280 4.1.2.5
                        name,
                        pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate(), random);
        signature.update(signed);
        byte[] whole =
                Der.of(
                        Der.SEQUENCE,
                        signed,
                        algorithm,
                        Der.of(Der.BIT_STRING, new byte[1], signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static BigInteger serial(SecureRandom random) {
        byte[] bytes = new byte[SERIAL_BYTES];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).setBit(0).clearBit(SERIAL_BYTES * Byte.SIZE - 1);
    }
}
