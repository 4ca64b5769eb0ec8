/** Fixtures that several tests share. */
@NullMarked
package io.penstock.jobs.testing;

import org.jspecify.annotations.NullMarked;
