package io.penstock.sandbox.s3.nio2blob;

import java.nio.file.Path;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;

/**
 * s3proxy's store of plain files, which also keeps what encryption a request named, as an extended
 * attribute of the file. s3proxy takes a store for its file store, and so allows conditional
 * writes, where the name of its package holds {@code nio2blob}.
 */
public final class ObjectFiles extends AbstractNio2BlobStore {

  /**
   * @param folder of the buckets; it exists
   */
  public ObjectFiles(Path folder) {
    super(folder);
  }

  @Override
  public boolean supportsServerSideEncryption() {
    return true;
  }
}
