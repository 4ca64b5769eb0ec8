package io.penstock.bench;

import io.penstock.common.config.Encoding;
import java.nio.file.Path;
import java.util.List;

/** One encrypted csv.gz: against Spark's, which gpg encrypts afterwards. */
record PgpContest() implements Contest {
  private static final String ENCRYPTED = "part.csv.gz.pgp";

  @Override
  public String name() {
    return "csv.gz.pgp";
  }

  @Override
  public String peer() {
    return "spark+gpg";
  }

  @Override
  public List<String> programs() {
    return List.of("gpg", "gpgconf");
  }

  @Override
  public Line run(Setting setting) throws Exception {
    try (GpgHome gpg = GpgHome.create()) {
      return FileContest.of(
              name(),
              peer(),
              Delivery.single(Delivery.CSV, Encoding.GZIP, ENCRYPTED).encrypted(gpg.receiver()),
              (shared, target) -> encrypt(shared, target, gpg),
              "≥ 8",
              new Unpacked(gpg::decrypt, SameRows.CSV))
          .run(setting);
    }
  }

  private static void encrypt(Setting setting, Folder target, GpgHome gpg) throws Exception {
    Folder plain = new Folder(target.emptied().path().resolve("plain"));
    SparkWriter.csv().compressed("gzip").coalesced().write(setting, plain);
    List<Path> files = plain.files();
    if (files.size() != 1) {
      throw new IllegalStateException("coalesce(1) wrote " + files.size() + " files");
    }
    gpg.encrypt(files.get(0), target.path().resolve(ENCRYPTED));
    plain.delete();
  }
}
