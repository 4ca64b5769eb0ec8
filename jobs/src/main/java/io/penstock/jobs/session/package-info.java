/** Builds the SparkSession. */
@NullMarked
package io.penstock.jobs.session;

import org.jspecify.annotations.NullMarked;
