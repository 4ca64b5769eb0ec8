/** What a sync tells about the rows that it hands on. */
@NullMarked
package io.penstock.common.sync;

import org.jspecify.annotations.NullMarked;
