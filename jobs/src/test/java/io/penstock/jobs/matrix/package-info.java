/** Every template type with the values at its edges, through every format and into Redshift. */
@NullMarked
package io.penstock.jobs.matrix;

import org.jspecify.annotations.NullMarked;
