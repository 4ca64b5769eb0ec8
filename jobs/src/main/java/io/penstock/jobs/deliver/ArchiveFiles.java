package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.common.names.FileName;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All files are entries of one object. There is one task, so that there is one such object. */
final class ArchiveFiles implements FileHome {
  private final WriterSettings settings;
  private final ObjectStore store;
  private final FileName names;
  private final RowEncoder.Factory encoders;
  private @Nullable ObjectOutput output;
  private @Nullable Archive archive;
  private Archive.@Nullable Entry entry;
  private @Nullable StagedFile complete;
  private long rows;

  ArchiveFiles(WriterSettings settings, ObjectStore store) {
    this.settings = settings;
    this.store = store;
    FileName entries = settings.packing().entries();
    if (entries == null) {
      throw new IllegalArgumentException("the packing makes no archive");
    }
    this.names = entries;
    this.encoders = Encoders.of(settings.format(), settings.schema());
  }

  @Override
  public FilePipeline begin(Place place, long number) throws IOException {
    String name = place.directory() + names.of(number);
    Archive.Entry begun = archive().begin(name);
    entry = begun;
    return FilePipeline.open(begun.content(), name, Encoding.NONE, encoders);
  }

  private Archive archive() throws IOException {
    Archive open = archive;
    if (open == null) {
      String key = settings.keys().key(Place.ONLY, 1);
      ObjectOutput begun = ObjectOutput.begin(store, key, settings.encryption());
      output = begun;
      open = Archive.open(settings.packing().encoding(), begun.stream(), settings.packing().time());
      archive = open;
    }
    return open;
  }

  @Override
  public void end(FilePipeline file) throws IOException {
    try (Archive.Entry ended = entry) {
      entry = null;
      if (ended == null) {
        throw new IllegalStateException("no entry was begun");
      }
      ended.finish();
      rows += file.rows();
    }
  }

  @Override
  public TaskFiles complete() throws IOException {
    ObjectOutput begun = output;
    if (begun == null) {
      return TaskFiles.of(List.of());
    }
    try (Archive open = archive()) {
      open.finish();
    }
    archive = null;
    StagedFile staged = new StagedFile(begun.complete(), rows);
    complete = staged;
    return TaskFiles.of(List.of(staged));
  }

  @Override
  public void abandon() throws IOException {
    StagedFile staged = complete;
    try (ObjectOutput begun = output;
        Archive open = archive;
        Archive.Entry left = entry) {
      if (staged != null) {
        store.discard(staged.object());
      }
    }
  }
}
