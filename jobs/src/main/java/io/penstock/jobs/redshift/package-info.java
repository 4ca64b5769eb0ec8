/** Connections to Redshift, and what their failures mean; of destinations and of sources. */
@NullMarked
package io.penstock.jobs.redshift;

import org.jspecify.annotations.NullMarked;
