@NullMarked
package io.penstock.sandbox.redshift.wire;

import org.jspecify.annotations.NullMarked;
