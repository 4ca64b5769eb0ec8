package io.penstock.sandbox.s3;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.BlobStoreLocator;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;

/**
 * The owner's key and the temporary ones, which live as long as the process. s3proxy asks here for
 * the secret that a request must be signed with.
 */
final class AccessKeys implements BlobStoreLocator {
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_LENGTH = 16;
  private static final int SECRET_BYTES = 30;
  private static final int TOKEN_BYTES = 210;

  private final SecureRandom random = new SecureRandom();
  private final AccessKey owner;
  private final BlobStore store;
  private final Map<String, TemporaryKey> temporary = new ConcurrentHashMap<>();

  AccessKeys(AccessKey owner, BlobStore store) {
    this.owner = owner;
    this.store = store;
  }

  boolean isOwner(String id) {
    return owner.id().equals(id);
  }

  Optional<TemporaryKey> temporary(String id) {
    return Optional.ofNullable(temporary.get(id));
  }

  Optional<String> secret(String id) {
    return isOwner(id) ? Optional.of(owner.secret()) : temporary(id).map(key -> key.key().secret());
  }

  /** Temporary keys begin with {@code ASIA} (IAM User Guide, "IAM identifiers"). */
  TemporaryKey issue(Duration lifetime) {
    TemporaryKey issued =
        new TemporaryKey(
            new AccessKey("ASIA" + id(), text(SECRET_BYTES)),
            text(TOKEN_BYTES),
            Instant.now().plus(lifetime).truncatedTo(ChronoUnit.SECONDS));
    temporary.put(issued.key().id(), issued);
    return issued;
  }

  String id() {
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    return id.toString();
  }

  private String text(int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return Base64.getEncoder().encodeToString(content);
  }

  @Override
  public @Nullable AccessGrant locateBlobStore(
      @Nullable String identity, @Nullable String container, @Nullable String blob) {
    return identity == null
        ? null
        : secret(identity).map(secret -> new AccessGrant(secret, store)).orElse(null);
  }
}
