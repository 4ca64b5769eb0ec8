/** The job file as immutable records; the only importer of the HOCON library. */
@NullMarked
package io.penstock.common.config;

import org.jspecify.annotations.NullMarked;
