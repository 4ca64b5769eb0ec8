/** Amazon Redshift's COPY from Amazon S3 and UNLOAD to Amazon S3, executed over PostgreSQL. */
@NullMarked
package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.NullMarked;
