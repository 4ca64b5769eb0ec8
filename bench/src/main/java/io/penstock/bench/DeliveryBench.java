package io.penstock.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Penstock's delivery engine against other ways to write the same lineitem rows from Parquet.
 * Arguments: a folder for the source, a folder for what is delivered, whether the files of peers
 * are forced to the disk too ({@code synced} or {@code as-is}; Penstock's always are), the TPC-H
 * scale (0.5: three million rows), the rounds, and what to run: names of cases, or {@code
 * case/peer}. None: every case that needs no program of the machine.
 */
public final class DeliveryBench {
  private static final int THREADS = 2;

  private DeliveryBench() {}

  public static void main(String[] arguments) throws Exception {
    Path source = Path.of(arguments[0]).toAbsolutePath();
    Path output = Path.of(arguments[1]).toAbsolutePath();
    boolean synced = arguments[2].equals("synced");
    double scale = Double.parseDouble(arguments[3]);
    int rounds = Integer.parseInt(arguments[4]);
    List<Contest> wanted = wanted(List.of(arguments).subList(5, arguments.length));
    try (SparkSession spark = BenchSession.open("delivery-bench");
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      try (Statement statement = duckdb.createStatement()) {
        statement.execute("SET threads = " + THREADS);
      }
      Lineitem lineitem = new Lineitem(spark, source, scale);
      run(wanted, new Setting(spark, duckdb, lineitem, output, synced, rounds));
    }
  }

  private static List<Contest> wanted(List<String> words) {
    List<Contest> all = Contests.all();
    for (String word : words) {
      if (all.stream().noneMatch(contest -> contest.isMeantBy(word))) {
        throw new IllegalArgumentException(
            "no case is named "
                + word
                + "; there are "
                + all.stream().map(contest -> contest.name() + "/" + contest.peer()).toList());
      }
    }
    return words.isEmpty()
        ? all.stream().filter(contest -> contest.programs().isEmpty()).toList()
        : all.stream().filter(contest -> words.stream().anyMatch(contest::isMeantBy)).toList();
  }

  private static void run(List<Contest> contests, Setting setting) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "lineitem, %,d rows to %s, peers %s, local[%d], %d paired rounds; median [min–max]%n%n%s%n",
        setting.rows(Lineitem.Form.TYPED).count(),
        setting.output(),
        setting.synced() ? "synced to the disk" : "as they are",
        THREADS,
        setting.rounds(),
        Line.HEAD);
    for (Contest contest : contests) {
      Optional<String> missing =
          contest.programs().stream().filter(program -> !Program.isInstalled(program)).findFirst();
      System.out.println(
          missing.isPresent()
              ? Line.skipped(contest, missing.get() + " is not installed")
              : contest.run(setting));
    }
  }
}
