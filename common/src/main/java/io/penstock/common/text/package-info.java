/** Dialects of delimited text. */
@NullMarked
package io.penstock.common.text;

import org.jspecify.annotations.NullMarked;
