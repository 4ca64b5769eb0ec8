/** Sources in Redshift: UNLOAD and Parquet, JDBC in ranges, or the spark-redshift connector. */
@NullMarked
package io.penstock.jobs.read.redshift;

import org.jspecify.annotations.NullMarked;
