/** Objects in S3 or in a local directory, behind one small interface. */
@NullMarked
package io.penstock.jobs.store;

import org.jspecify.annotations.NullMarked;
