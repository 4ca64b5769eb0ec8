/** The command line, the job runner, and the one place where implementations are named. */
@NullMarked
package io.penstock.jobs.app;

import org.jspecify.annotations.NullMarked;
