package io.penstock.common.run;

import java.io.Serializable;

/**
 * A file or object that was delivered.
 *
 * @param key the object key, or the path below the target directory
 * @param crc32 of the object's bytes as RFC 1952 defines it, eight hexadecimal digits
 */
public record DeliveredFile(String key, long rows, long bytes, String crc32)
    implements Serializable {}
