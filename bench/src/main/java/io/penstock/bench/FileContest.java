package io.penstock.bench;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.TemplateConfig;
import io.penstock.jobs.map.Mapping;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A delivery to a local directory against a peer that writes another.
 *
 * @param form of the rows that ours reads
 * @param template through which ours are mapped
 * @param target the ratio to reach
 */
record FileContest(
    String name,
    String peer,
    Delivery delivery,
    Lineitem.Form form,
    Optional<TemplateConfig> template,
    Peer writer,
    String target,
    Judge judge)
    implements Contest {
  private static final int WARM_UPS = 3;

  static FileContest of(
      String name, String peer, Delivery delivery, Peer writer, String target, Judge judge) {
    return new FileContest(
        name, peer, delivery, Lineitem.Form.TYPED, Optional.empty(), writer, target, judge);
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder ours = new Folder(setting.output().resolve("ours-" + name));
    Folder theirs = new Folder(setting.output().resolve(peer + "-" + name));
    try {
      Paired.Result result =
          new Paired(setting.rounds(), WARM_UPS)
              .time(() -> deliver(setting, ours), () -> write(setting, theirs));
      double size = (double) ours.bytes() / theirs.bytes();
      return Line.of(this, result, target, size, judge.verdict(ours, theirs));
    } finally {
      ours.delete();
      theirs.delete();
    }
  }

  private void deliver(Setting setting, Folder folder) {
    Dataset<Row> rows = setting.rows(form);
    delivery.run(
        setting.spark(),
        template.isPresent() ? Mapping.apply(rows, template).rows() : rows,
        new StoreLocation.Directory(folder.path().toString()));
  }

  private void write(Setting setting, Folder folder) throws Exception {
    writer.write(setting, folder);
    if (setting.synced()) {
      folder.force();
    }
  }
}
