/** Definitions by which other schedulers start a job on Amazon EMR. */
@NullMarked
package io.penstock.common.emit;

import org.jspecify.annotations.NullMarked;
