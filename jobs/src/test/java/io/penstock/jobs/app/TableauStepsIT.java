package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/redshift.md, "From nothing to a table in Tableau", as they stand there. */
class TableauStepsIT {
  private static final Path PAGE = Path.of("..", "docs", "redshift.md");
  private static final long PATIENCE_SECONDS = 600;

  @TempDir static Path folder;

  /** The blocks of one language in the section, without their indentation. */
  private static List<String> blocks(String language) throws Exception {
    String page = Files.readString(PAGE);
    String section =
        page.substring(
            page.indexOf("### From nothing to a table in Tableau"), page.indexOf("## Failures"));
    return Pattern.compile("   ```" + language + "\n(.*?)   ```\n", Pattern.DOTALL)
        .matcher(section)
        .results()
        .map((MatchResult block) -> block.group(1).replaceAll("(?m)^   ", ""))
        .toList();
  }

  /** {@code scripts/penstock}, starting the classes of this build. */
  private static void script() throws Exception {
    String command =
        String.join(
            " ",
            "exec",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            JavaModuleOptions.defaultModuleOptions(),
            "-Xmx700m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dspark.master=local[2]",
            "-Dpenstock.log=" + folder.resolve("penstock.log"),
            "-Dlog4j2.configurationFile=" + Path.of("..", "conf", "log4j2.properties").toRealPath(),
            "-cp",
            "'" + System.getProperty("java.class.path") + "'",
            "io.penstock.jobs.Penstock \"$@\"");
    Path script = folder.resolve("scripts").resolve("penstock");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/usr/bin/env bash\n" + command + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private static Map<String, String> environment() {
    SandboxProcess sandbox = SandboxProcess.shared();
    SandboxProcess.Redshift redshift = sandbox.redshift();
    return Map.of(
        "PGHOST", redshift.host(),
        "PGPORT", String.valueOf(redshift.port()),
        "PGDATABASE", redshift.database(),
        "PGUSER", redshift.user(),
        "PGPASSWORD", redshift.password(),
        "S3_ENDPOINT", sandbox.s3().endpoint(),
        "S3_ACCESS_KEY", sandbox.s3().accessKey(),
        "S3_SECRET_KEY", sandbox.s3().secretKey());
  }

  @Test
  void eachStepWorks() throws Exception {
    assumeTrue(new Tool("psql").isInstalled(), "psql is not installed");
    script();
    Files.writeString(folder.resolve("people.csv"), blocks("csv").get(0));
    Files.writeString(folder.resolve("profiles.conf"), blocks("hocon").get(0));
    List<String> steps = blocks("sh");
    assertThat(steps).hasSize(4);
    Path script =
        Files.writeString(
            folder.resolve("steps.sh"),
            "set -euo pipefail\n" + steps.stream().collect(Collectors.joining("\n")));
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(environment());

    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();

    String output = Files.readString(said, StandardCharsets.UTF_8);
    assertThat(ended).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output)
        .endsWith("Ada Lovelace|GB|120.50\nGrace Hopper|US|99.00\n")
        .doesNotContain("failed");
    assertThat(Files.readString(folder.resolve("out/profiles.tds")))
        .contains("caption=\"Profiles\"", "caption=\"Full Name\"", "[sales].[profiles]")
        .contains("datatype=\"integer\" name=\"[id]\" role=\"dimension\"")
        .contains("datatype=\"real\" name=\"[spent]\" role=\"measure\"");
    assertThat(folder.resolve("grants.sql")).doesNotExist();
  }
}
