package io.penstock.common.config;

import io.penstock.common.config.StoreLocation.Bucket;
import io.penstock.common.config.StoreLocation.Directory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads places that are written as one text, such as {@code state}. A bucket is reached as the
 * first destination that names it reaches it; another one by the default credential chain, in the
 * region of the first destination with a bucket.
 */
final class StoreLocations {
  private static final Pattern S3 = Pattern.compile("s3[an]?://([^/]+)/?(.*)");
  private static final String REMEDY = "write a path, or s3://bucket/path";

  private final Scope scope;
  private final List<Bucket> buckets;

  StoreLocations(Scope scope, List<DestinationConfig> destinations) {
    this.scope = scope;
    this.buckets = destinations.stream().flatMap(StoreLocations::bucket).toList();
  }

  private static Stream<Bucket> bucket(DestinationConfig destination) {
    if (destination instanceof RedshiftDestination redshift) {
      return Stream.of(redshift.staging().location());
    }
    return S3Destination.of(destination).stream()
        .flatMap(s3 -> s3.location() instanceof Bucket bucket ? Stream.of(bucket) : Stream.empty());
  }

  StoreLocation parse(Section section, String key, String text) {
    if (text.isBlank()) {
      return new Directory("/");
    }
    String location = scope.base().resolve(text);
    if (!Locations.hasScheme(location)) {
      return new Directory(location);
    }
    Matcher s3 = S3.matcher(location);
    if (!s3.matches() || !S3AccessParser.isBucketName(s3.group(1))) {
      section.invalid(key, "is neither a path nor a place in a bucket", REMEDY);
      return new Directory("/");
    }
    String prefix = s3.group(2).replaceFirst("/$", "");
    if (prefix.startsWith("/") || prefix.contains("//") || !Names.isPlain(prefix)) {
      section.invalid(key, "holds an empty, '.' or '..' part", REMEDY);
    }
    return new Bucket(s3.group(1), prefix, access(s3.group(1)));
  }

  private S3Access access(String bucket) {
    Optional<Bucket> same = buckets.stream().filter(b -> b.bucket().equals(bucket)).findFirst();
    if (same.isPresent()) {
      return same.get().access();
    }
    return S3Access.standard(buckets.isEmpty() ? "us-east-1" : buckets.get(0).access().region());
  }
}
