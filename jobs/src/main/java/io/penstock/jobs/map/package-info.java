/** Template to Catalyst expressions: Dataset to Dataset, no I/O. */
@NullMarked
package io.penstock.jobs.map;

import org.jspecify.annotations.NullMarked;
