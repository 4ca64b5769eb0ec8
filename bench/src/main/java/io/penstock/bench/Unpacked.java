package io.penstock.bench;

import java.nio.file.Path;

/** Judges what is in the files of both folders, after a program has taken it out of them. */
record Unpacked(Unpacking unpacking, Judge judge) implements Judge {

  /** Takes the content out of one file. */
  interface Unpacking {
    /**
     * @param target an existing folder
     */
    void unpack(Path file, Path target) throws Exception;
  }

  @Override
  public String verdict(Folder ours, Folder peer) throws Exception {
    Folder first = unpacked(ours);
    Folder second = unpacked(peer);
    String verdict = judge.verdict(first, second);
    first.delete();
    second.delete();
    return verdict;
  }

  private Folder unpacked(Folder packed) throws Exception {
    Path beside = packed.path().resolveSibling(packed.path().getFileName() + "-unpacked");
    Folder target = new Folder(beside).emptied();
    for (Path file : packed.files()) {
      unpacking.unpack(file, target.path());
    }
    return target;
  }
}
