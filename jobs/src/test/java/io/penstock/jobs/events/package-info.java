/** Tests of events, against the receiver of the sandbox. */
@NullMarked
package io.penstock.jobs.events;

import org.jspecify.annotations.NullMarked;
