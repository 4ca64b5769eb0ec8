package io.penstock.jobs.record;

import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.WholeObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Objects in memory, as strongly consistent as S3; reads fail while the store is unreachable. */
final class MemoryStore extends WholeObjects {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private volatile boolean reachable = true;
  private final AtomicReference<Runnable> beforeDelete = new AtomicReference<>(() -> {});

  void reachable(boolean now) {
    reachable = now;
  }

  /** Runs once, before the next delete. */
  void beforeNextDelete(Runnable action) {
    beforeDelete.set(action);
  }

  private void requireReachable() throws IOException {
    if (!reachable) {
      throw new IOException("unreachable");
    }
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    requireReachable();
    objects.put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    requireReachable();
    return objects.putIfAbsent(key, content) == null;
  }

  @Override
  public Optional<byte[]> read(String key) throws IOException {
    requireReachable();
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    requireReachable();
    List<StoredObject> found = new ArrayList<>();
    objects
        .tailMap(prefix)
        .forEach(
            (key, content) -> {
              if (key.startsWith(prefix)) {
                found.add(new StoredObject(key, content.length));
              }
            });
    return found;
  }

  @Override
  public void delete(Collection<String> keys) throws IOException {
    requireReachable();
    beforeDelete.getAndSet(() -> {}).run();
    keys.forEach(objects::remove);
  }

  @Override
  public String address(String key) {
    return "memory:" + key;
  }

  @Override
  public Upload begin(String key) {
    throw new UnsupportedOperationException("records are put whole");
  }

  @Override
  public void publish(PendingObject pending) {
    throw new UnsupportedOperationException("records are put whole");
  }

  @Override
  public void discard(PendingObject pending) {
    throw new UnsupportedOperationException("records are put whole");
  }

  @Override
  public void discardOpen(Predicate<String> keys) {
    throw new UnsupportedOperationException("records are put whole");
  }

  @Override
  public void close() {}
}
