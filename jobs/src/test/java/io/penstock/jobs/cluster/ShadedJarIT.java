package io.penstock.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code penstock-jobs.jar} brings to a cluster, and what it leaves to the cluster. */
class ShadedJarIT {
  private static final Path JAR = Path.of("target", "penstock-jobs.jar");

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
            "com/fasterxml/",
            "com/typesafe/",
            "io/penstock/sandbox/",
            "org/apache/commons/",
            "org/apache/hadoop/",
            "org/apache/http/",
            "org/apache/logging/",
            "org/apache/spark/scheduler/",
            "org/apache/spark/sql/SparkSession",
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
            "io/penstock/shaded/http/client/HttpClient.class",
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

  @Test
  void namesItsLicencesAndItsMainClass() throws IOException {
    assertThat(text("META-INF/MANIFEST.MF")).contains("Main-Class: io.penstock.jobs.Penstock");
    assertThat(entries(JAR)).contains("META-INF/NOTICE", "META-INF/LICENSE");
  }
}
