@NullMarked
package io.penstock.jobs.read.redshift;

import org.jspecify.annotations.NullMarked;
