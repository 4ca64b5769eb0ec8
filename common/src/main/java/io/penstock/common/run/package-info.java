/** What a run is, and its results as values. */
@NullMarked
package io.penstock.common.run;

import org.jspecify.annotations.NullMarked;
