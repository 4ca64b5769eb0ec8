@NullMarked
package io.penstock.jobs.redshift;

import org.jspecify.annotations.NullMarked;
