/** Columns, Redshift types and identifier quoting. */
@NullMarked
package io.penstock.common.schema;

import org.jspecify.annotations.NullMarked;
