package io.penstock.jobs.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Objects below one location. Keys are relative to it and use {@code /}. An upload is invisible
 * until it is published, and publishing one replaces what was there atomically.
 */
public interface ObjectStore extends AutoCloseable {

  /** Starts an upload; on S3 a multipart upload once more than one part is needed. */
  Upload begin(String key) throws IOException;

  /** Begins an object that several tasks write; returns what they need to know of it. */
  String beginJoined(String key) throws IOException;

  /**
   * Starts one task's run of bytes. Two attempts of a task write the same bytes.
   *
   * @param slot of the task, from 0 and below {@code slots}; runs are joined in its order
   */
  PieceUpload beginPiece(String key, String handle, int slot, int slots) throws IOException;

  /**
   * Puts pieces together, those of tasks in the order of their slots. Nothing is visible yet.
   *
   * @param slots as the tasks were told
   */
  PendingObject join(String key, String handle, List<Piece> pieces, int slots) throws IOException;

  /** Removes a piece that is not joined. */
  void discard(Piece piece) throws IOException;

  /** Makes a completed upload visible. Doing so twice, or after a lost reply, is harmless. */
  void publish(PendingObject pending) throws IOException;

  /** Removes every trace of a completed, unpublished upload. */
  void discard(PendingObject pending) throws IOException;

  /** Removes uploads that an earlier, interrupted run left open under keys that match. */
  void discardOpen(Predicate<String> keys) throws IOException;

  void put(String key, byte[] content) throws IOException;

  /** Writes unless the key exists; of several writers at once, one wins. */
  boolean putIfAbsent(String key, byte[] content) throws IOException;

  Optional<byte[]> read(String key) throws IOException;

  /** The bytes of an object that is there, as they arrive. */
  InputStream open(String key) throws IOException;

  /** All visible objects whose key starts with the prefix, in key order. */
  List<StoredObject> list(String prefix) throws IOException;

  /** Deletes; a key that does not exist is no error. */
  void delete(Collection<String> keys) throws IOException;

  /** The full address of a key, such as {@code s3://bucket/prefix/key}. */
  String address(String key);

  @Override
  void close();

  /** An object that a reader can see. */
  record StoredObject(String key, long bytes) {}
}
