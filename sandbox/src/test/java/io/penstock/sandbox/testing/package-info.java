/** Servers and clients that the tests share. */
@NullMarked
package io.penstock.sandbox.testing;

import org.jspecify.annotations.NullMarked;
