/** A receiver of events, which keeps what it gets and fails as it is told to. */
@NullMarked
package io.penstock.sandbox.events;

import org.jspecify.annotations.NullMarked;
