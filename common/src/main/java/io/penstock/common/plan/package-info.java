/** Pure planning: job file and run context to names, keys and SQL. */
@NullMarked
package io.penstock.common.plan;

import org.jspecify.annotations.NullMarked;
