/** The embedded S3: s3proxy behind a front that adds what it lacks. */
@NullMarked
package io.penstock.sandbox.s3;

import org.jspecify.annotations.NullMarked;
