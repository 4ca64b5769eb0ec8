@NullMarked
package io.penstock.sandbox.redshift;

import org.jspecify.annotations.NullMarked;
