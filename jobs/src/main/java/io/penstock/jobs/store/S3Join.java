package io.penstock.jobs.store;

import io.penstock.jobs.store.PendingObject.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts the runs of several tasks together: what is stored stays where it is, and what lies between
 * becomes parts of its own.
 */
final class S3Join {
  private final S3Parts parts;
  private final int slots;
  private final List<Part> stored = new ArrayList<>();
  private final ByteArrayOutputStream between = new ByteArrayOutputStream();

  private S3Join(S3Parts parts, int slots) {
    this.parts = parts;
    this.slots = slots;
  }

  static S3Join of(S3Parts parts, int slots) {
    return new S3Join(parts, slots);
  }

  PendingObject join(String key, String handle, List<Piece> pieces) throws IOException {
    long bytes = 0;
    long crc32 = 0;
    for (Piece piece : pieces) {
      between.writeBytes(piece.head());
      bytes += piece.bytes();
      crc32 = Crc32.combine(crc32, piece.crc32(), piece.bytes());
      if (!piece.parts().isEmpty()) {
        send(piece.parts().get(0).number() - 1);
        stored.addAll(piece.parts());
      }
    }
    if (between.size() > 0) {
      send(PartNumbers.last(slots));
    }
    stored.addAll(parts.arrived());
    stored.sort(Comparator.comparingInt(Part::number));
    return new PendingObject(key, handle, List.copyOf(stored), bytes, crc32);
  }

  private void send(int number) throws IOException {
    byte[] part = between.toByteArray();
    between.reset();
    parts.send(number, part, 0, part.length);
  }
}
