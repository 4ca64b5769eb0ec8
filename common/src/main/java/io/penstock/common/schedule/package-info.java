/** When a job runs: pure calculations of time. */
@NullMarked
package io.penstock.common.schedule;

import org.jspecify.annotations.NullMarked;
