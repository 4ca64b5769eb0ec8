/** The packaged jar on a cluster. */
@NullMarked
package io.penstock.jobs.cluster;

import org.jspecify.annotations.NullMarked;
