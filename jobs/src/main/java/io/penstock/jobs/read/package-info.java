/** A source per format. */
@NullMarked
package io.penstock.jobs.read;

import org.jspecify.annotations.NullMarked;
