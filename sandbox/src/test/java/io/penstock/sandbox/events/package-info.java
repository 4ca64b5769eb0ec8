@NullMarked
package io.penstock.sandbox.events;

import org.jspecify.annotations.NullMarked;
