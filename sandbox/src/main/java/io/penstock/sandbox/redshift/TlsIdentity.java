package io.penstock.sandbox.redshift;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate that the Redshift stand-in shows, and that of the authority made for it alone.
 * Both are kept in a folder, so that clients need not be told again after a restart; the
 * authority's private key is not.
 */
public final class TlsIdentity {
  /** A name of the certificate that no DNS knows (RFC 6761 section 6.2 reserves its domain). */
  public static final String HOST = "warehouse.penstock.test";

  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final String ALIAS = "server";

  /** The file's mode guards the key; a PKCS#12 file has to have a password all the same. */
  private static final char[] PASSWORD = "sandbox".toCharArray();

  private final SSLContext context;
  private final Path authority;

  private TlsIdentity(SSLContext context, Path authority) {
    this.context = context;
    this.authority = authority;
  }

  /** The identity kept in a folder; made where there is none. */
  public static TlsIdentity of(Path folder) throws IOException {
    Path authority = folder.resolve("ca.pem");
    Path server = folder.resolve("server.p12");
    try {
      if (!Files.exists(server)) {
        make(Files.createDirectories(folder), authority, server);
      }
      return new TlsIdentity(context(server), authority.toAbsolutePath());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("No certificate could be made or read in " + folder, e);
    }
  }

  SSLContext context() {
    return context;
  }

  /** The authority's certificate in PEM. */
  public Path authority() {
    return authority;
  }

  private static void make(Path folder, Path authority, Path server)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPair authorityKeys = keys();
    KeyPair serverKeys = keys();
    X500Name issuer = new X500Name("CN=Penstock sandbox authority");
    X509Certificate root =
        certificate(
            builder(issuer, issuer, authorityKeys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
            authorityKeys);
    GeneralNames names =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, HOST),
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            });
    X509Certificate leaf =
        certificate(
            builder(issuer, new X500Name("CN=" + HOST), serverKeys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.subjectAlternativeName, false, names),
            authorityKeys);
    Files.writeString(authority, pem(root));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ALIAS, serverKeys.getPrivate(), PASSWORD, new Certificate[] {leaf, root});
    Path partial =
        Files.createTempFile(
            folder,
            "server",
            ".partial",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(partial)) {
      store.store(out, PASSWORD);
    }
    Files.move(partial, server, StandardCopyOption.ATOMIC_MOVE);
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, new SecureRandom()),
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(LIFETIME)),
        subject,
        key);
  }

  private static X509Certificate certificate(
      org.bouncycastle.cert.X509v3CertificateBuilder builder, KeyPair signer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }

  private static String pem(X509Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static SSLContext context(Path server) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(server)) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
