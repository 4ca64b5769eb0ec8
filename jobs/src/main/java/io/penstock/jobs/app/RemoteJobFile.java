package io.penstock.jobs.app;

import io.penstock.common.config.TextReader;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.session.ClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Job files, and what they include, that a cluster reads from its own file systems. */
final class RemoteJobFile implements TextReader {
  private static final Pattern SCHEME = Pattern.compile("(s3|s3a|hdfs)://.+");

  static boolean isRemote(String jobFile) {
    return SCHEME.matcher(jobFile).matches();
  }

  @Override
  public String read(String location) throws IOException {
    Path path = new Path(location);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), configuration());
        InputStream in = files.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What the cluster and {@code spark-submit} say about file systems; there is no session yet. */
  private static Configuration configuration() {
    Configuration configuration = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    if (!ClassPath.hasEmrfs()) {
      configuration.setIfUnset("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
    }
    return configuration;
  }

  /**
   * @throws PenstockException {@code CONFIG_FILE_UNREADABLE}
   */
  static String open(String jobFile) {
    try {
      return new RemoteJobFile().read(jobFile);
    } catch (IOException failure) {
      throw PenstockException.of(
          ErrorCode.CONFIG_FILE_UNREADABLE,
          "the job file " + jobFile + " could not be read",
          String.valueOf(failure.getMessage()),
          "check the address and that the cluster may read it",
          failure);
    }
  }
}
