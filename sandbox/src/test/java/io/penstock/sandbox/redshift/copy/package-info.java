@NullMarked
package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.NullMarked;
