/** Progress and summaries for people, JSON for programs. */
@NullMarked
package io.penstock.jobs.report;

import org.jspecify.annotations.NullMarked;
