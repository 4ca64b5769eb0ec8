package io.penstock.jobs.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Files below a local directory. What is not published yet lies in a hidden directory inside it, on
 * the same file system, as {@code <key>.<uuid>}; publishing is one atomic rename of synced bytes.
 */
final class DirectoryStore implements ObjectStore {
  static final String STAGING = ".penstock-staging";
  private static final int UUID_SUFFIX = 37;

  private final Path root;
  private final Path staging;

  DirectoryStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.staging = this.root.resolve(STAGING);
  }

  @Override
  public Upload begin(String key) throws IOException {
    return new DirectoryUpload(key, STAGING + "/" + key + "." + UUID.randomUUID(), root);
  }

  /** Each piece is a hidden file. */
  @Override
  public String beginJoined(String key) {
    return "";
  }

  @Override
  public PieceUpload beginPiece(String key, String handle, int slot, int slots) throws IOException {
    return new DirectoryPiece((DirectoryUpload) begin(key));
  }

  @Override
  public PendingObject join(String key, String handle, List<Piece> pieces, int slots)
      throws IOException {
    try (Upload joined = begin(key)) {
      for (Piece piece : pieces) {
        joined.write(piece.head(), 0, piece.head().length);
        if (!piece.handle().isEmpty()) {
          try (InputStream stored = Files.newInputStream(root.resolve(piece.handle()))) {
            stored.transferTo(joined);
          }
        }
      }
      PendingObject pending = joined.complete();
      for (Piece piece : pieces) {
        discard(piece);
      }
      return pending;
    }
  }

  @Override
  public void discard(Piece piece) throws IOException {
    if (!piece.handle().isEmpty()) {
      Path hidden = root.resolve(piece.handle());
      Files.deleteIfExists(hidden);
      removeEmpty(hidden);
    }
  }

  @Override
  public InputStream open(String key) throws IOException {
    return Files.newInputStream(path(key));
  }

  private static final class DirectoryPiece extends PieceUpload {
    private final DirectoryUpload upload;

    DirectoryPiece(DirectoryUpload upload) {
      this.upload = upload;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      upload.write(bytes, offset, length);
    }

    @Override
    public Piece complete() throws IOException {
      PendingObject stored = upload.complete();
      return new Piece(new byte[0], List.of(), stored.handle(), stored.bytes(), stored.crc32());
    }

    @Override
    public void close() throws IOException {
      upload.close();
    }
  }

  @Override
  public void publish(PendingObject pending) throws IOException {
    Path hidden = root.resolve(pending.handle());
    Path target = path(pending.key());
    createDirectories(target);
    try {
      Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      if (!Files.isRegularFile(target) || Files.size(target) != pending.bytes()) {
        throw new IOException(
            "the staged file of " + target + " is gone; executors and driver must share it", e);
      }
    }
    sync(target);
    if (Files.size(target) != pending.bytes()) {
      throw new IOException(target + " does not have the " + pending.bytes() + " bytes written");
    }
  }

  @Override
  public void discard(PendingObject pending) throws IOException {
    if (pending.handle().isEmpty()) {
      return;
    }
    Path hidden = root.resolve(pending.handle());
    Files.deleteIfExists(hidden);
    removeEmpty(hidden);
  }

  @Override
  public void discardOpen(Predicate<String> keys) throws IOException {
    for (Path hidden : files(staging)) {
      String name = relative(staging, hidden);
      if (name.length() > UUID_SUFFIX
          && keys.test(name.substring(0, name.length() - UUID_SUFFIX))) {
        Files.deleteIfExists(hidden);
        removeEmpty(hidden);
      }
    }
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    Path target = path(key);
    createDirectories(target);
    Path hidden = writeHidden(key, content);
    Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    removeEmpty(hidden);
    sync(target);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    Path target = path(key);
    createDirectories(target);
    Path hidden = writeHidden(key, content);
    try {
      Files.createLink(target, hidden);
      sync(target);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(hidden);
      removeEmpty(hidden);
    }
  }

  @Override
  public Optional<byte[]> read(String key) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(path(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    for (Path file : files(root)) {
      String key = relative(root, file);
      if (key.startsWith(prefix)) {
        found.add(new StoredObject(key, Files.size(file)));
      }
    }
    found.sort(Comparator.comparing(StoredObject::key));
    return found;
  }

  @Override
  public void delete(Collection<String> keys) throws IOException {
    for (String key : keys) {
      Path file = path(key);
      Files.deleteIfExists(file);
      removeEmpty(file);
    }
  }

  @Override
  public String address(String key) {
    return root.resolve(key).toString();
  }

  @Override
  public void close() {}

  private Path path(String key) throws IOException {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root) || path.equals(root) || path.startsWith(staging)) {
      throw new IOException("the key " + key + " leaves the directory " + root);
    }
    return path;
  }

  private Path writeHidden(String key, byte[] content) throws IOException {
    DirectoryUpload upload =
        new DirectoryUpload(key, STAGING + "/" + key + "." + UUID.randomUUID(), root);
    try (upload) {
      upload.write(content, 0, content.length);
      return root.resolve(upload.complete().handle());
    }
  }

  private static void createDirectories(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  /** Makes a rename durable. */
  private static void sync(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  /** Removes the directories above a file that is gone, up to the root, while they are empty. */
  private void removeEmpty(Path file) throws IOException {
    Path directory = file.getParent();
    while (directory != null && !directory.equals(root) && directory.startsWith(root)) {
      try {
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
      directory = directory.getParent();
    }
  }

  private List<Path> files(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            return at.equals(staging) && !directory.equals(staging)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path at, @Nullable IOException failure)
              throws IOException {
            return visitFileFailed(at, failure);
          }

          /** Another writer may remove what it published while this walks. */
          @Override
          public FileVisitResult visitFileFailed(Path at, @Nullable IOException failure)
              throws IOException {
            if (failure != null && !(failure instanceof NoSuchFileException)) {
              throw failure;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static String relative(Path base, Path file) {
    return base.relativize(file).toString().replace('\\', '/');
  }
}
