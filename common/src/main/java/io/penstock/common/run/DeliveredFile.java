package io.penstock.common.run;

import java.io.Serializable;

/**
 * A file or object that was delivered.
 *
 * @param key the object key, or the path below the target directory
 * @param sha256 of the object's bytes, lower-case hexadecimal
 */
public record DeliveredFile(String key, long rows, long bytes, String sha256)
    implements Serializable {}
