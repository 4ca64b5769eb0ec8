/** The files below the buckets, in a package whose name s3proxy looks at. */
@NullMarked
package io.penstock.sandbox.s3.nio2blob;

import org.jspecify.annotations.NullMarked;
