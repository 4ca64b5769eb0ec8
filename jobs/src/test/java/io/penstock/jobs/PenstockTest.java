package io.penstock.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PenstockTest {

  /** An exit would end this JVM and with it the test. */
  @Test
  void returnsFromSuccessInsideOfACluster() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setProperty("spark.submit.deployMode", "cluster");
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Penstock.main(new String[] {"--version"});
    } finally {
      System.setOut(console);
      System.clearProperty("spark.submit.deployMode");
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).containsPattern("\\d+\\.\\d+\\.\\d+");
  }
}
