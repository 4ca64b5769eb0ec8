/** The delivery engine: rows to files in one pass, invisible until published. */
@NullMarked
package io.penstock.jobs.deliver;

import org.jspecify.annotations.NullMarked;
