/** Name patterns for keys and files. */
@NullMarked
package io.penstock.common.names;

import org.jspecify.annotations.NullMarked;
