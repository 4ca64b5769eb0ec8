package io.penstock.jobs.store;

import java.io.Serializable;
import java.util.List;

/**
 * An upload that is complete and invisible; it travels from an executor to the driver.
 *
 * @param handle what the store needs to publish it: an upload id, or the name of a hidden file
 * @param parts entity tags of the parts in order; empty for a directory
 * @param sha256 of the object's bytes, lower-case hexadecimal
 */
public record PendingObject(
    String key, String handle, List<String> parts, long bytes, String sha256)
    implements Serializable {}
