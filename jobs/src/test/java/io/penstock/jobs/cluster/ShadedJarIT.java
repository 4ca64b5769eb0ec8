package io.penstock.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.StandaloneCluster;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code penstock-jobs.jar} brings to a cluster, and what it leaves to the cluster. */
class ShadedJarIT {
  private static final Path JAR = Path.of("target", "penstock-jobs.jar");

  /** A public key that gpg made; its secret key is lost. */
  private static final String KEY =
      """
      -----BEGIN PGP PUBLIC KEY BLOCK-----

      mDMEawFsnhYJKwYBBAHaRw8BAQdAgGQOhzARUPmTyVgbzBcUI9jQ+55n76IJfLaR
      0vCqH2K0EnJlY2VpdmVyIG9mIGEgdGVzdIiQBBMWCAA4FiEEFeP10//Fkuoc7Yf8
      rRq0qJI7PqkFAmsBbJ4CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQrRq0
      qJI7PqloSwEAxL/ifhIaSGU/cZtK7UEO9jN6qGbcvsUeRSaf1h5G1qIBAKFWBwhe
      0NP/IhCYXEIq9Px0A29CCZEREXwhekLfDJsMuDgEawFsnhIKKwYBBAGXVQEFAQEH
      QGGnrabJFSiL6HonHtv5rwCERVUHagBecL5hWt8HajROAwEIB4h4BBgWCAAgFiEE
      FeP10//Fkuoc7Yf8rRq0qJI7PqkFAmsBbJ4CGwwACgkQrRq0qJI7Pqk6lAD/e23X
      nL+7zrIdw/g7NSyp4gvL84N7Y/K+zhj+mxNJQXwBAIr+p9XV/Mh37W12kHxc9G1M
      lx81rn12DFS7vcDVdjED
      =I4Sb
      -----END PGP PUBLIC KEY BLOCK-----
      """;

  private static Set<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> !name.endsWith("/"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String text(String entry) throws IOException {
    try (JarFile file = new JarFile(JAR.toFile())) {
      return new String(
          file.getInputStream(file.getJarEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Runs a command of the jar on the platform's class path to its good end; what it printed. */
  private static String run(Path folder, String command, Path job) throws Exception {
    String classPath =
        Stream.concat(Stream.of(JAR), StandaloneCluster.platformJars().stream())
            .map(jar -> jar.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "io.penstock.jobs.Penstock",
                command,
                job.toString())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(printed)).isZero();
    return Files.readString(printed);
  }

  @Test
  void hasNoClassThatThePlatformHas() throws IOException {
    Set<String> own = entries(JAR);
    own.removeIf(name -> !name.endsWith(".class") || name.startsWith("META-INF/"));
    for (Path provided : StandaloneCluster.platformJars()) {
      Set<String> both = entries(provided);
      both.retainAll(own);
      assertThat(both).as(provided.getFileName().toString()).isEmpty();
    }
  }

  @Test
  void hasNoForeignClassUnderItsOwnName() throws IOException {
    List<String> foreign =
        List.of(
            "com/cronutils/",
            "com/fasterxml/",
            "com/typesafe/",
            "io/penstock/sandbox/",
            "org/apache/commons/",
            "org/apache/hadoop/",
            "org/apache/http/",
            "org/apache/logging/",
            "org/apache/sshd/",
            "net/i2p/",
            "org/apache/spark/scheduler/",
            "org/apache/spark/sql/SparkSession",
            "org/bouncycastle/",
            "org/gaul/",
            "org/postgresql/",
            "org/reactivestreams/",
            "org/slf4j/",
            "picocli/",
            "scala/",
            "software/amazon/");
    assertThat(entries(JAR)).noneMatch(name -> foreign.stream().anyMatch(name::startsWith));
  }

  @Test
  void holdsOnlyKnownPackages() throws IOException {
    List<String> known =
        List.of(
            "com/amazon/redshift/",
            "com/databricks/spark/",
            // native code knows its classes by their names
            "com/intel/gkl/",
            "org/broadinstitute/gatk/nativebindings/",
            "io/delta/",
            "io/penstock/",
            // of Delta and spark-avro; hasNoClassThatThePlatformHas tells them from Spark's
            "org/apache/spark/internal/",
            "org/apache/spark/sql/",
            "META-INF/versions/");
    assertThat(entries(JAR))
        .filteredOn(name -> name.endsWith(".class"))
        .allMatch(name -> known.stream().anyMatch(name::startsWith));
  }

  @Test
  void relocatesWhatAClusterMayHaveInAnotherVersion() throws IOException {
    assertThat(entries(JAR))
        .contains(
            "io/penstock/shaded/config/ConfigFactory.class",
            "io/penstock/shaded/awssdk/services/s3/S3Client.class",
            "io/penstock/shaded/picocli/CommandLine.class",
            "io/penstock/shaded/bouncycastle/openpgp/PGPPublicKeyRing.class",
            "io/penstock/shaded/compress/archivers/zip/ZipArchiveOutputStream.class",
            "io/penstock/shaded/http/client/HttpClient.class",
            "com/intel/gkl/native/libgkl_compression.so",
            "com/amazon/redshift/jdbc/Driver.class",
            "penstock-reference.conf");
  }

  @Test
  void registersWhatItBrings() throws IOException {
    assertThat(text("META-INF/services/java.sql.Driver")).contains("com.amazon.redshift.Driver");
    assertThat(text("META-INF/services/org.apache.spark.sql.sources.DataSourceRegister"))
        .contains("org.apache.spark.sql.delta.sources.DeltaDataSource")
        .contains("org.apache.spark.sql.v2.avro.AvroDataSourceV2");
    assertThat(text("META-INF/services/io.penstock.shaded.awssdk.http.SdkHttpService"))
        .contains("io.penstock.shaded.awssdk.http.apache.ApacheSdkHttpService");
    assertThat(entries(JAR)).noneMatch(name -> name.startsWith("META-INF/services/software."));
  }

  /**
   * {@code check} encrypts to a key for a trial: with the relocated library, whose jar is signed.
   */
  @Test
  void encryptsToAKeyOfAJobFile(@TempDir Path folder) throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            job = "people"
            sources { people { format = csv, path = "people.csv" } }
            destinations { files { type = s3, directory = "out", format = csv
              pgp { public-key = \"""
                %s
              \""" }
            } }
            """
                .formatted(KEY));
    run(folder, "check", job);
    assertThat(entries(JAR)).noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA)"));
  }

  /**
   * With the relocated SSH client, and sockets that the driver makes by the name of their class.
   */
  @Test
  void reachesRedshiftThroughSsh(@TempDir Path folder) throws Exception {
    SandboxProcess sandbox = SandboxProcess.tunnelled();
    SandboxProcess.Ssh ssh = sandbox.ssh();
    Path job =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            job = "people"
            sources { people { format = csv, path = "people.csv" } }
            state = "state"
            destinations { warehouse { type = redshift
              connection {
                host = "%s", port = %d, database = "%s", user = "%s", password = "%s"
                tls { ca { file = "%s" } }
                tunnel { host = "%s", port = %d, user = "%s", password = "%s", known-hosts = "%s" }
              }
              staging { bucket = "acme-staging" }
              table { name = "people" }
            } }
            """
                .formatted(
                    sandbox.certificateHost(),
                    sandbox.redshift().port(),
                    sandbox.redshift().database(),
                    sandbox.redshift().user(),
                    sandbox.redshift().password(),
                    sandbox.redshift().ca(),
                    ssh.host(),
                    ssh.port(),
                    ssh.user(),
                    ssh.password(),
                    ssh.knownHosts()));
    assertThat(run(folder, "history", job)).contains("run id");
  }

  @Test
  void namesItsLicencesAndItsMainClass() throws IOException {
    assertThat(text("META-INF/MANIFEST.MF")).contains("Main-Class: io.penstock.jobs.Penstock");
    assertThat(entries(JAR))
        .contains("META-INF/NOTICE", "META-INF/LICENSE", "META-INF/licenses/bouncycastle.md");
  }
}
